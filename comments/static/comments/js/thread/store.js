/**
 * What the page knows of a thread. Pure state: no DOM, no clock, no network.
 *
 * The law: whatever frames are lost, doubled or reordered, once `seq` is the thread's head the comments
 * equal a fresh snapshot's.
 */

import { compareAge, isRemoved } from "./tree.js";

/**
 * @import { Change, HistoryAnswer, Message, Removed } from "../client/wire.js"
 * @import { Comment, Snapshot, StoredComment } from "./types.js"
 */

/** Comments kept in memory, and so in the document. */
export const MAX_COMMENTS = 300;
/** Frames kept while the changes before them are fetched. More of them cost another fetch, nothing else. */
export const MAX_WAITING = 200;
const MAX_GONE = 500;

/**
 * @param {{id?: unknown, user?: unknown, html?: unknown, timestamp?: unknown}} value
 * @returns {boolean} whether it has what the page needs of a comment
 */
export function isComment({ id, user, html, timestamp }) {
  const isText = (/** @type {unknown} */ value) => typeof value === "string";
  return isText(id) && id !== "" && isText(user) && (isText(html) || html === null) && isText(timestamp);
}

/**
 * What is left of a removed comment.
 * @param {{id: string, parent: string | null, timestamp?: string, version?: number}} comment
 * @param {number} seq
 * @returns {StoredComment}
 */
function tombstone({ id, parent, timestamp = "", version = 0 }, seq) {
  const nobody = { user: "", user_id: "", role: "", html: "", edited_at: null };
  return { id, parent, timestamp, version, seq, status: "removed", ...nobody };
}

export class Store {
  /** @type {(change: Change) => void} told of each change once it is applied, in order */
  onApplied = () => {};
  /** @type {() => void} told that a snapshot has replaced everything */
  onReset = () => {};
  epoch = "";
  seq = 0;
  count = 0;
  policy = "open";
  /** @type {Map<string, StoredComment>} */
  comments = new Map();
  /** The newest were dropped for older ones: what arrives is only counted. */
  detached = false;
  missed = 0;
  /** The highest number heard of. Applied or not, it exists. */
  head = 0;
  /** @type {{cursor: string | null} | null} where older comments are found; from the top, where the cursor is null */
  older = null;
  /** @type {Comment | null} the oldest comment of what is loaded without a hole, where there are older ones */
  floor = null;
  /** @type {Map<string, {id: string, parent: string | null, seq: number}>} removed before they were loaded */
  #gone = new Map();
  /** @type {Change[]} */
  #waiting = [];

  /**
   * @param {Snapshot} page
   * @param {{detached?: boolean}} [options] detached: the page is not the newest one
   */
  constructor(page, { detached = false } = {}) {
    this.loadSnapshot(page);
    this.detached = detached;
  }

  /**
   * Forgets everything and starts from a snapshot's first page.
   * @param {Snapshot} page
   */
  loadSnapshot({ epoch, seq, count, policy, next, comments }) {
    this.head = epoch === this.epoch ? Math.max(seq, this.head) : seq;
    this.epoch = epoch;
    this.seq = seq;
    this.count = count;
    this.policy = policy ?? this.policy;
    this.comments = new Map();
    this.detached = false;
    this.missed = 0;
    this.floor = null;
    this.#gone = new Map();
    this.#waiting = [];
    this.#addPage(comments, seq, next);
    this.onReset();
  }

  /**
   * Adds a page of older comments.
   * @param {Snapshot} page
   * @returns {number} how many comments are new here, or -1 when the page is of another epoch
   */
  addOlder(page) {
    if (page.epoch !== this.epoch) return -1;
    const [oldest] = [...this.comments.values()].sort(compareAge);
    // A page from the top, after a trim, holds what is here or was dropped on purpose.
    const older = page.comments.filter((comment) => !oldest || compareAge(comment, oldest) < 0);
    return this.#addPage(older, page.seq, page.next);
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
    this.#apply(frame);
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
    for (const change of answer.changes) if (change.seq > this.seq) this.#apply(change);
    if (answer.seq >= this.seq) {
      this.seq = answer.seq;
      this.count = answer.count ?? this.count;
    }
    return this.#applyWaiting() === "gap" || answer.has_more ? "more" : "current";
  }

  /**
   * Compares with the server's word on where the thread is (`welcome`, `pong`).
   * @param {string} epoch
   * @param {number} seq
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

  isFull() {
    return this.comments.size > MAX_COMMENTS;
  }

  /**
   * Keeps the number of comments within bounds.
   * @param {"oldest" | "newest"} side where to drop: the one that the reader is not looking at
   * @param {number} [most]
   */
  trim(side, most = MAX_COMMENTS) {
    const excess = this.comments.size - most;
    if (excess <= 0) return;
    const leaves = this.#leaves();
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

  /**
   * @param {Comment[]} comments
   * @param {number} seq of the page
   * @param {string | null} next
   * @returns {number} how many are new here
   */
  #addPage(comments, seq, next) {
    let added = 0;
    for (const comment of comments.filter(isComment)) {
      // What is known here from a later change than the page's is newer than the page.
      const known = this.comments.get(comment.id)?.seq ?? this.#gone.get(comment.id)?.seq ?? -1;
      if (known > seq) continue;
      if (!this.comments.has(comment.id)) added += 1;
      this.comments.set(comment.id, { ...comment, seq });
    }
    this.older = next === null ? null : { cursor: next };
    this.floor = next === null ? null : (comments.at(-1) ?? this.floor);
    for (const { parent } of comments) this.#raiseTombstone(parent);
    return added;
  }

  #applyWaiting() {
    const frames = this.#waiting.sort((a, b) => a.seq - b.seq);
    this.#waiting = [];
    return frames.map((frame) => this.receive(frame)).includes("gap") ? "gap" : "current";
  }

  /** @param {Change} frame */
  #apply(frame) {
    if (typeof frame.count === "number") this.count = frame.count;
    if (frame.type === "message") this.#put(frame);
    else if (frame.type === "removed") this.#remove(frame);
    else if (frame.type === "thread") this.policy = frame.policy;
    if (frame.type !== "thread") this.#countReplies(frame);
    this.onApplied(frame);
  }

  /**
   * Keeps the numbers of replies above a comment that changed.
   * @param {Message | Removed} frame
   */
  #countReplies({ id, root, parent, root_reply_count, parent_reply_count }) {
    for (const [above, count] of /** @type {const} */ ([
      [root ?? id, root_reply_count],
      [parent, parent_reply_count],
    ])) {
      const known = this.comments.get(above ?? "");
      if (known && typeof count === "number") this.comments.set(known.id, { ...known, reply_count: count });
    }
  }

  /** @param {Message} frame */
  #put({ type, prev, count, root_reply_count, parent_reply_count, ...comment }) {
    if (!isComment(comment)) return;
    const known = this.comments.get(comment.id);
    if (!known && !this.#belongs(comment)) return;
    if (known && !isRemoved(known) && known.version > comment.version) return;
    this.#gone.delete(comment.id);
    this.comments.set(comment.id, comment);
    this.#raiseTombstone(comment.parent);
  }

  /**
   * Whether a comment not seen before belongs to the part of the thread that is loaded.
   * @param {Comment} comment
   */
  #belongs(comment) {
    if (this.comments.has(comment.parent ?? "")) return true;
    if (this.floor && compareAge(comment, this.floor) < 0) return false;
    if (!this.detached) return true;
    this.missed += 1;
    return false;
  }

  /** @param {Removed} frame */
  #remove({ id, parent = null, seq }) {
    const known = this.comments.get(id);
    if (known) {
      this.comments.set(id, tombstone(known, seq));
      return;
    }
    this.#gone.set(id, { id, parent, seq });
    const [oldest = ""] = this.#gone.keys();
    if (this.#gone.size > MAX_GONE) this.#gone.delete(oldest);
    if ([...this.comments.values()].some((comment) => comment.parent === id)) this.#raiseTombstone(id);
  }

  /**
   * A comment that was removed before it was ever here stands all the same, where something here answers it.
   * @param {string | null} id
   */
  #raiseTombstone(id) {
    const gone = this.#gone.get(id ?? "");
    if (!gone || (this.floor && compareAge(gone, this.floor) < 0)) return;
    this.#gone.delete(gone.id);
    this.comments.set(gone.id, tombstone(gone, gone.seq));
  }

  /** Comments that may be dropped, oldest first: removed ones, then those that nothing loaded answers. */
  #leaves() {
    const answered = new Set([...this.comments.values()].map(({ parent }) => parent));
    const all = [...this.comments.values()].filter(({ id }) => !answered.has(id)).sort(compareAge);
    return [...all.filter(isRemoved), ...all.filter((comment) => !isRemoved(comment))];
  }
}
