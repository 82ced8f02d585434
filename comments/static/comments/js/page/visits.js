/** Up to where a reader without a name was told of each thread, in this browser. Who has a name is known to the server. */

import { keep, readKept } from "../storage.js";

/** @typedef {{epoch: string, seq: number}} Mark */

const KEY = "comments:read";
const MOST = 200; // threads

export class Visits {
  /**
   * @param {Storage | null} storage
   * @param {string} thread
   */
  constructor(storage, thread) {
    this.storage = storage;
    this.thread = thread;
  }

  /** @returns {Mark | null} null before the first visit */
  get mark() {
    const [, epoch, seq] = this.#read().find(([thread]) => thread === this.thread) ?? [];
    return typeof epoch === "string" && Number.isSafeInteger(seq) ? { epoch, seq: Number(seq) } : null;
  }

  /** @param {Mark} mark another tab may be further already */
  move({ epoch, seq }) {
    const { mark } = this;
    if (mark?.epoch === epoch && mark.seq >= seq) return;
    const others = this.#read().filter(([thread]) => thread !== this.thread);
    const rows = [[this.thread, epoch, seq], ...others].slice(0, MOST);
    keep(this.storage, KEY, rows);
  }

  /** @returns {unknown[][]} thread, epoch and seq, the latest visit first */
  #read() {
    const rows = readKept(this.storage, KEY);
    return Array.isArray(rows) ? rows.filter(Array.isArray) : [];
  }
}
