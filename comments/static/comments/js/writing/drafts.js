/** What was typed and not yet taken by the server, kept over a reload. */

/**
 * @import { Entry } from "../thread/types.js"
 *
 * @typedef {{content: string, parent: string | null}} Draft
 */

const DRAFT = "comments:draft:";
const ENTRY = "comments:entry:";
const LIFE = 7 * 24 * 3_600_000; // ms
/** An entry older than this is not sent by itself: its author may think of it as lost by now. */
export const RESEND_WITHIN = 3_600_000; // ms

/** Storage may be full, forbidden or absent (private windows): then a reload forgets, and nothing else breaks. */
export class Drafts {
  /** @type {Set<string>} that this page wrote or read; another tab may have entries of its own, which stay */
  #keys = new Set();

  /**
   * @param {object} options
   * @param {string} options.thread what they belong to: an id that outlives the thread's address
   * @param {Storage | null} options.storage
   * @param {() => number} options.now
   */
  constructor({ thread, storage, now }) {
    this.thread = thread;
    this.storage = storage;
    this.now = now;
    this.#expire();
  }

  /**
   * @param {string | null} author id; a draft without an author is kept too, until they have a name
   * @returns {Draft}
   */
  draft(author) {
    return this.#read(this.#draftKey(author)) ?? { content: "", parent: null };
  }

  /**
   * @param {string | null} author
   * @param {Draft} draft
   */
  saveDraft(author, { content, parent }) {
    const key = this.#draftKey(author);
    if (content.trim()) this.#write(key, { content, parent, at: this.now(), life: LIFE });
    else this.#remove(key);
  }

  /**
   * @param {string | null} author
   * @returns {Entry[]} of this thread and author, in the order of writing
   */
  entries(author) {
    const keys = this.#stored().filter((key) => key.startsWith(this.#entryKey({ author, ref: "" })));
    for (const key of keys) this.#keys.add(key);
    return keys.flatMap((key) => this.#read(key)?.entry ?? []).sort((a, b) => a.at - b.at);
  }

  /**
   * Keeps exactly those entries that the server has not acked.
   * @param {Entry[]} entries
   */
  saveEntries(entries) {
    const unsent = new Map(entries.filter(({ id }) => id === null).map((entry) => [this.#entryKey(entry), entry]));
    for (const key of this.#keys) if (!unsent.has(key)) this.#remove(key);
    for (const [key, entry] of unsent) this.#write(key, { entry, at: entry.at, life: LIFE });
    this.#keys = new Set(unsent.keys());
  }

  /** @param {string | null} author */
  #draftKey(author) {
    return `${DRAFT}${this.thread}:${author ?? ""}`;
  }

  /** @param {{author: string | null, ref: string}} entry */
  #entryKey({ author, ref }) {
    return `${ENTRY}${this.thread}:${author}:${ref}`;
  }

  #expire() {
    for (const key of this.#stored()) {
      const kept = this.#read(key);
      if (!(kept && kept.at + kept.life > this.now())) this.#remove(key);
    }
  }

  /** @returns {string[]} the keys that are this module's; a page may keep others under similar names */
  #stored() {
    const keys = this.#attempt((storage) => Object.keys(storage)) ?? [];
    return keys.filter((key) => key.startsWith(DRAFT) || key.startsWith(ENTRY));
  }

  /**
   * @param {string} key
   * @returns {(Draft & {entry?: Entry, at: number, life: number}) | null | undefined}
   */
  #read(key) {
    return this.#attempt((storage) => JSON.parse(storage.getItem(key) ?? "null"));
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  #write(key, value) {
    this.#attempt((storage) => storage.setItem(key, JSON.stringify(value)));
  }

  /** @param {string} key */
  #remove(key) {
    this.#attempt((storage) => storage.removeItem(key));
  }

  /**
   * @template T
   * @param {(storage: Storage) => T} action
   * @returns {T | undefined}
   */
  #attempt(action) {
    try {
      return this.storage ? action(this.storage) : undefined;
    } catch {
      return undefined;
    }
  }
}
