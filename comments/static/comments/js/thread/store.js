/**
 * What the page knows of a thread. Pure state: no DOM, no clock, no network.
 *
 * The law: whatever frames are lost, doubled or reordered, once `seq` is the thread's head the comments
 * equal a fresh snapshot's.
 */

import { compareAge, isRemoved } from "./tree.js";

/** Comments kept in memory, and so in the document. */
export const MAX_COMMENTS = 300;
/** Frames kept while the changes before them are fetched. More of them cost another fetch, nothing else. */
export const MAX_WAITING = 200;
const MAX_GONE = 500;

/** @returns {boolean} whether it has what the page needs of a comment */
export function isComment({ id, user, html, timestamp }) {
  const isText = (value) => typeof value === "string";
  return isText(id) && id !== "" && isText(user) && (isText(html) || html === null) && isText(timestamp);
}

/** What is left of a removed comment. */
function tombstone({ id, parent, timestamp = "", version = 0 }, seq) {
  return { id, parent, timestamp, version, seq, status: "removed", user: "", html: "" };
}

export class Store {
  /** Told of each change once it is applied, in order. */
  onApplied = (change) => {};
  /** Told that everything was replaced by a snapshot. */
  onReset = () => {};

  /**
   * @param {{epoch: string, seq: number, count: number, policy: string, next: string | null, comments: object[]}} page
   * @param {{detached?: boolean}} [options] detached: the page is not the newest one
   */
  constructor(page, { detached = false } = {}) {
    this.loadSnapshot(page);
    this.detached = detached;
  }

  /** Forgets everything and starts from a snapshot's first page. */
  loadSnapshot({ epoch, seq, count, policy, next, comments }) {
    if (epoch !== this.epoch) this.head = 0;
    this.epoch = epoch;
    this.seq = seq;
    this.count = count;
    this.policy = policy ?? this.policy;
    this.comments = new Map();
    /** Removals of comments that are not loaded, so that an older answer does not bring them back. */
    this.gone = new Map();
    this.waiting = [];
    /** The highest number heard of. Applied or not, it exists. */
    this.head = Math.max(seq, this.head ?? 0);
    /** The newest were dropped for older ones: what arrives is only counted. */
    this.detached = false;
    this.missed = 0;
    this.older = null;
    this.floor = null;
    this.addPage(comments, seq, next);
    this.onReset();
  }

  /**
   * Adds a page of older comments.
   * @param {{epoch: string, seq: number, next: string | null, comments: object[]}} page
   * @returns {number} how many comments are new here, or -1 when the page is of another epoch
   */
  addOlder(page) {
    if (page.epoch !== this.epoch) return -1;
    const oldest = [...this.comments.values()].sort(compareAge)[0];
    // A page from the top, after a trim, holds what is here or was dropped on purpose.
    const older = page.comments.filter((comment) => !oldest || compareAge(comment, oldest) < 0);
    return this.addPage(older, page.seq, page.next);
  }

  addPage(comments, seq, next) {
    let added = 0;
    for (const comment of comments.filter(isComment)) {
      // What is known here from a later change than the page's is newer than the page.
      const known = this.comments.get(comment.id)?.seq ?? this.gone.get(comment.id)?.seq ?? -1;
      if (known > seq) continue;
      if (!this.comments.has(comment.id)) added += 1;
      this.comments.set(comment.id, { ...comment, seq });
    }
    this.older = next === null ? null : { cursor: next };
    this.floor = next === null ? null : (comments.at(-1) ?? this.floor);
    for (const { parent } of comments) this.keepPlace(parent);
    return added;
  }

  /**
   * Takes a live frame. One that follows a change not seen here waits for `applyHistory`.
   * @param {object} frame with `seq` and `prev`
   * @returns {"applied" | "known" | "gap"}
   */
  receive(frame) {
    this.head = Math.max(this.head, frame.seq);
    if (frame.seq <= this.seq) return "known";
    if (frame.prev > this.seq) {
      if (this.waiting.length < MAX_WAITING) this.waiting.push(frame);
      return "gap";
    }
    this.apply(frame);
    this.seq = frame.seq;
    return "applied";
  }

  /**
   * Takes an answer of the history, then the frames that waited for it.
   * @param {{epoch: string, from: number, seq: number, count?: number, has_more: boolean, reset: boolean,
   *   changes: object[]}} answer
   * @returns {"current" | "more" | "reset"} "more": ask again after `seq`; "reset": start from a snapshot
   */
  applyHistory(answer) {
    if (answer.reset || answer.epoch !== this.epoch) return "reset";
    // It was asked for before an older snapshot came, and says nothing of what lies between the two.
    if (answer.from > this.seq) return "more";
    for (const change of answer.changes) if (change.seq > this.seq) this.apply(change);
    if (answer.seq >= this.seq) {
      this.seq = answer.seq;
      this.count = answer.count ?? this.count;
    }
    return this.applyWaiting() === "gap" || answer.has_more ? "more" : "current";
  }

  /**
   * Compares with the server's word on where the thread is (`welcome`, `pong`).
   * @returns {"current" | "behind" | "reset"}
   */
  hear(epoch, seq) {
    if (epoch !== this.epoch) return "reset";
    this.head = Math.max(this.head, seq);
    return this.isBehind() ? "behind" : "current";
  }

  /** @returns {string} id that every comment written from now on is newer than, as far as is known here */
  get newest() {
    return [...this.comments.values()].sort(compareAge).at(-1)?.id ?? "";
  }

  /** @returns {boolean} whether changes are known to exist that are not here */
  isBehind() {
    return this.head > this.seq;
  }

  applyWaiting() {
    const frames = this.waiting.sort((a, b) => a.seq - b.seq);
    this.waiting = [];
    return frames.map((frame) => this.receive(frame)).includes("gap") ? "gap" : "current";
  }

  apply(frame) {
    if (typeof frame.count === "number") this.count = frame.count;
    if (frame.type === "message") this.put(frame);
    else if (frame.type === "removed") this.remove(frame);
    else if (frame.type === "thread") this.policy = frame.policy;
    this.onApplied(frame);
  }

  put({ type, prev, count, ...comment }) {
    if (!isComment(comment)) return;
    const known = this.comments.get(comment.id);
    if (!known && !this.belongs(comment)) return;
    if (known && !isRemoved(known) && known.version > comment.version) return;
    this.gone.delete(comment.id);
    this.comments.set(comment.id, comment);
    this.keepPlace(comment.parent);
  }

  /** Whether a comment not seen before has its place in the part of the thread that is loaded. */
  belongs(comment) {
    if (this.comments.has(comment.parent)) return true;
    if (this.floor && compareAge(comment, this.floor) < 0) return false;
    if (!this.detached) return true;
    this.missed += 1;
    return false;
  }

  remove({ id, parent = null, seq }) {
    const known = this.comments.get(id);
    if (known) {
      this.comments.set(id, tombstone(known, seq));
      return;
    }
    this.gone.set(id, { id, parent, seq });
    if (this.gone.size > MAX_GONE) this.gone.delete(this.gone.keys().next().value);
    if ([...this.comments.values()].some((comment) => comment.parent === id)) this.keepPlace(id);
  }

  /** What was removed before it was ever here has its place all the same, where something here answers it. */
  keepPlace(id) {
    const gone = this.gone.get(id);
    if (!gone || (this.floor && compareAge(gone, this.floor) < 0)) return;
    this.gone.delete(id);
    this.comments.set(id, tombstone(gone, gone.seq));
  }

  isFull() {
    return this.comments.size > MAX_COMMENTS;
  }

  /**
   * Keeps the number of comments within MAX_COMMENTS.
   * @param {"oldest" | "newest"} side where to drop: the one that the reader is not looking at
   */
  trim(side) {
    if (!this.isFull()) return;
    const excess = this.comments.size - MAX_COMMENTS;
    const leaves = this.leaves();
    if (side === "newest") leaves.reverse();
    for (const { id } of leaves.slice(0, excess)) this.comments.delete(id);
    if (side === "newest") {
      this.detached = true;
    } else {
      // No cursor of the server's stands here: the next page is looked for from the top.
      this.older = { cursor: null };
      this.floor = [...this.comments.values()].sort(compareAge)[0];
    }
  }

  /** Comments that may be dropped, oldest first: removed ones, then those that nothing loaded answers. */
  leaves() {
    const answered = new Set([...this.comments.values()].map(({ parent }) => parent));
    const all = [...this.comments.values()].filter(({ id }) => !answered.has(id)).sort(compareAge);
    return [...all.filter(isRemoved), ...all.filter((comment) => !isRemoved(comment))];
  }
}
