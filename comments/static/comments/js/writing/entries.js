/** What was written and not yet taken by the server, kept over a reload. */

import { Kept } from "./kept.js";

/** @import { Entry } from "../thread/types.js" */

/** What the id of a guest begins with. */
const GUEST = "g";
const LIFE = 7 * 24 * 3_600_000; // ms
/** An entry older than this is not sent by itself: its author may think of it as lost by now. */
export const RESEND_WITHIN = 3_600_000; // ms

export class Entries {
  /** @type {Set<string>} names that this page wrote or read; another tab may have entries of its own, which stay */
  #names = new Set();

  /**
   * @param {object} options
   * @param {string} options.thread what they belong to: an id that outlives the thread's address
   * @param {Storage | null} options.storage
   * @param {() => number} options.now
   */
  constructor({ thread, storage, now }) {
    this.thread = thread;
    this.kept = new Kept({ storage, now, prefix: "comments:entry:", life: LIFE });
  }

  /**
   * @param {string | null} author
   * @returns {Entry[]} of this thread and author, in the order of writing
   */
  of(author) {
    return this.#read(this.#name({ author, ref: "" }));
  }

  /** @returns {Entry[]} what guests wrote at this browser: whoever logs in has still to see it */
  ofGuests() {
    return this.#read(`${this.thread}:${GUEST}`);
  }

  /** @param {string} beginning */
  #read(beginning) {
    const names = this.kept.names(beginning);
    for (const name of names) this.#names.add(name);
    const entries = names.flatMap((name) => /** @type {Entry | undefined} */ (this.kept.read(name)) ?? []);
    return entries.sort((a, b) => a.at - b.at);
  }

  /**
   * Keeps exactly those entries that the server has not acked.
   * @param {Entry[]} entries
   */
  save(entries) {
    const unsent = new Map(entries.filter(({ id }) => id === null).map((entry) => [this.#name(entry), entry]));
    for (const name of this.#names) if (!unsent.has(name)) this.kept.remove(name);
    for (const [name, entry] of unsent) this.kept.write(name, entry, entry.at);
    this.#names = new Set(unsent.keys());
  }

  /** @param {{author: string | null, ref: string}} entry */
  #name({ author, ref }) {
    return `${this.thread}:${author}:${ref}`;
  }
}
