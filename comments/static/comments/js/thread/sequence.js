/** Where a copy of a thread is in the thread's changes: what comes next, what waits, what was missed. Pure state. */

import { Counts } from "./counts.js";

/** @import { Change, HistoryAnswer } from "../client/wire.js" */

/** Frames kept while the changes before them are fetched. More of them cost another fetch, nothing else. */
export const MAX_WAITING = 200;
/** Changes remembered for pages that were read before them and arrive after them. */
const MAX_RECENT = 500;

export class Sequence {
  counts = new Counts();
  epoch = "";
  seq = 0;
  /** The number of the snapshot that it began with. */
  begunAt = 0;
  /** The highest number heard of. Applied or not, it exists. */
  head = 0;
  /** Visible comments in the thread. */
  count = 0;
  /** @type {Change[]} */
  #waiting = [];
  /** @type {Change[]} the last changes that were applied */
  #recent = [];
  /** The number behind which `#recent` has every change. */
  #recentFrom = 0;

  /**
   * Forgets where it was.
   * @param {{epoch: string, seq: number, count: number, reaction_seq?: number}} page
   */
  begin({ epoch, seq, count, reaction_seq }) {
    const isSameLife = epoch === this.epoch;
    this.head = isSameLife ? Math.max(seq, this.head) : seq;
    this.epoch = epoch;
    this.seq = seq;
    this.begunAt = seq;
    this.count = count;
    this.counts.begin(reaction_seq, isSameLife);
    this.#waiting = [];
    this.#recent = [];
    this.#recentFrom = seq;
  }

  /**
   * Takes a live frame. One that follows a change not seen here waits for `applyHistory`.
   * @param {Change} frame
   * @returns {"applied" | "known" | "gap"}
   */
  receive(frame) {
    this.head = Math.max(this.head, frame.seq);
    if (frame.seq <= this.seq) return "known";
    if (frame.prev > this.seq) {
      if (this.#waiting.length < MAX_WAITING) this.#waiting.push(frame);
      return "gap";
    }
    this.#take(frame);
    this.seq = frame.seq;
    return "applied";
  }

  /**
   * Takes an answer of the history, then the frames that waited for it.
   * @param {Omit<HistoryAnswer, "head">} answer
   * @returns {"current" | "more" | "reset"} "more": ask again after `seq`; "reset": start from a snapshot
   */
  applyHistory(answer) {
    if (answer.reset || answer.epoch !== this.epoch) return "reset";
    // It was asked for before an older snapshot came, and says nothing of what lies between the two.
    if (answer.from > this.seq) return "more";
    this.counts.catchUp(answer);
    for (const change of answer.changes) if (change.seq > this.seq) this.#take(change);
    if (answer.seq >= this.seq) {
      this.seq = answer.seq;
      this.count = answer.count ?? this.count;
    }
    return this.#takeWaiting() === "gap" || answer.has_more ? "more" : "current";
  }

  /**
   * Compares with the server's word on where the thread is (`welcome`, `pong`).
   * @param {string} epoch
   * @param {number} seq
   * @param {number} [reactionSeq]
   * @returns {"current" | "behind" | "reset"}
   */
  hear(epoch, seq, reactionSeq) {
    if (epoch !== this.epoch) return "reset";
    this.counts.hear(reactionSeq);
    this.head = Math.max(this.head, seq);
    return this.isBehind() ? "behind" : "current";
  }

  /** @returns {boolean} whether changes are known to exist that are not here */
  isBehind() {
    return this.head > this.seq || this.counts.isBehind;
  }

  /**
   * @param {number} seq of a page that was read a while ago
   * @returns {Change[] | null} what was applied since; null where that is more than is remembered
   */
  changesAfter(seq) {
    return seq < this.#recentFrom ? null : this.#recent.filter((change) => change.seq > seq);
  }

  /**
   * Changes what is known. The same change may come again, beside others of the same comments.
   * @abstract
   * @param {Change} change
   */
  apply(change) {
    throw new Error(`comments: nothing takes ${change.type}`);
  }

  /** @param {Change} change */
  #take(change) {
    if (typeof change.count === "number") this.count = change.count;
    this.#recent.push(change);
    if (this.#recent.length > MAX_RECENT) this.#recentFrom = this.#recent.shift()?.seq ?? 0;
    this.apply(change);
  }

  #takeWaiting() {
    const frames = this.#waiting.sort((a, b) => a.seq - b.seq);
    this.#waiting = [];
    return frames.map((frame) => this.receive(frame)).includes("gap") ? "gap" : "current";
  }
}
