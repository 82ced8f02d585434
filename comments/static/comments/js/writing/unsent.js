/**
 * Own comments that the server has not shown back yet. Pure state: the clock is an argument.
 *
 * An entry leaves only when its comment is here, or when its author discards it: text is never lost.
 */

import { compareAge, isRemoved } from "../thread/age.js";

/**
 * @import { Refusal } from "../client/wire.js"
 * @import { Store } from "../thread/store.js"
 * @import { Comment, Entry, StoredComment } from "../thread/types.js"
 */

/** The server's limit on bursts is lower; this bounds what a reader can pile up while offline. */
export const MAX_ENTRIES = 20;

export class Unsent {
  /** @type {Map<string, Entry>} by ref */
  #entries = new Map();

  /** @returns {Entry[]} in the order of writing */
  list() {
    return [...this.#entries.values()];
  }

  /** @param {string} ref */
  get(ref) {
    return this.#entries.get(ref);
  }

  isFull() {
    return this.#entries.size >= MAX_ENTRIES;
  }

  /** @param {Pick<Entry, "ref" | "content" | "parent" | "author" | "at"> & {after?: string | null}} written */
  add({ ref, content, parent, author, at, after = null }) {
    this.#entries.set(ref, { ref, content, parent, author, at, after, ...QUEUED });
  }

  /**
   * One at a time, so that comments arrive in the order of writing.
   * @param {string | null} author
   * @returns {Entry | undefined} the entry whose turn it is; one that waits is not to be sent before its time
   */
  next(author) {
    const own = this.list().filter((entry) => entry.author === author);
    if (own.some(({ state }) => state === "sending")) return undefined;
    return own.find(({ state }) => state === "queued" || state === "waiting");
  }

  /** @param {string} ref */
  sending(ref) {
    this.#set(ref, { state: "sending", error: null });
  }

  /** The connection went before an answer came: the same ref may be sent again, it is never doubled. */
  requeue() {
    for (const { ref, state } of this.list()) if (state === "sending") this.#set(ref, { state: "queued" });
  }

  /** @param {string} ref */
  retry(ref) {
    this.#set(ref, QUEUED);
  }

  /**
   * @param {string} ref
   * @param {number} dueAt
   * @param {Partial<Refusal>} error
   */
  wait(ref, dueAt, error) {
    this.#set(ref, { state: "waiting", dueAt, error });
  }

  /**
   * @param {string} ref
   * @param {Partial<Refusal>} error
   */
  fail(ref, error) {
    this.#set(ref, { state: "failed", error });
  }

  /** @param {{ref: string, id: string, seq?: number | null, status: string}} ack */
  ack({ ref, id, seq = null, status }) {
    // A moderator was faster than the answer: it goes as quietly as it would from any page.
    if (!KEPT.has(status)) this.discard(ref);
    else this.#set(ref, { state: status === "pending" ? "pending" : "sent", id, seq, error: null });
  }

  /**
   * Where the ack did not say: the comment's change is at most this one.
   * @param {string} ref
   * @param {number} seq
   */
  passed(ref, seq) {
    if (this.get(ref)?.seq === null) this.#set(ref, { seq });
  }

  /** What was acked may not be stored any more. The ref makes sending it again harmless. */
  sendAgain() {
    for (const { ref, id } of this.list()) if (id !== null) this.#set(ref, QUEUED);
  }

  /** @param {string} ref */
  discard(ref) {
    this.#entries.delete(ref);
  }

  /**
   * Lets go of the entries whose comments are here. An ack and its live frame may come in either order.
   * @param {Store} store
   * @returns {Entry[]} those let go
   */
  settle(store) {
    if (this.#entries.size === 0) return []; // as it nearly always is, and each frame of the server's comes by here
    /** @type {Map<string, StoredComment>} */
    const own = new Map();
    for (const comment of store.comments.values()) if (comment.ref) own.set(comment.ref, comment);
    const commentOf = (/** @type {Entry} */ { ref, id }) => own.get(ref) ?? store.comments.get(id ?? "");
    // Acked, passed, and not here: it was removed since, or belongs to a part that is not loaded.
    const hasPassed = (/** @type {Entry} */ { state, seq }) => state === "sent" && seq !== null && seq <= store.seq;
    const settled = this.list().filter((entry) => commentOf(entry) || hasPassed(entry));
    for (const entry of settled) {
      const comment = commentOf(entry);
      this.discard(entry.ref);
      if (!comment) continue;
      comment.ref = entry.ref;
      this.#passedBy(comment);
    }
    this.#recognise(store);
    return settled;
  }

  /**
   * Entries leave in the order of writing, so what is still here is newer than what has left.
   * @param {Comment} comment
   */
  #passedBy(comment) {
    for (const { ref, after } of this.list()) {
      if (after !== null && compareAge(comment, { id: after }) > 0) this.#set(ref, { after: comment.id });
    }
  }

  /**
   * Finds the comments of entries that are on their way. The history brings comments without their ref, and it may be
   * faster than the answer to what was posted. The entry stays until that answer: the comment may be of another tab.
   * @param {Store} store
   */
  #recognise(store) {
    const taken = new Set(this.list().flatMap(({ id, shownAs }) => [id, shownAs]));
    for (const entry of this.list()) {
      if (entry.state !== "sending" || entry.shownAs !== null) continue;
      const own = [...store.comments.values()].find((comment) => !taken.has(comment.id) && isLike(entry, comment));
      if (!own) continue;
      taken.add(own.id);
      this.#set(entry.ref, { shownAs: own.id });
    }
  }

  /**
   * @param {string} ref
   * @param {Partial<Entry>} changes
   */
  #set(ref, changes) {
    const entry = this.#entries.get(ref);
    if (entry) this.#entries.set(ref, { ...entry, ...changes });
  }
}

/** What a stored comment may be, of which its author hears more. */
const KEPT = new Set(["visible", "pending"]);

/** @type {Pick<Entry, "state" | "id" | "seq" | "error" | "dueAt" | "shownAs">} */
const QUEUED = { state: "queued", id: null, seq: null, error: null, dueAt: 0, shownAs: null };

/**
 * Whether a comment that has no ref is by the entry's author, says the same in the same place, and is newer.
 * @param {Entry} entry
 * @param {Comment} comment
 */
function isLike({ author, content, parent, after }, comment) {
  const isSame = comment.user_id === author && comment.content === content && comment.parent === parent;
  if (!isSame || comment.ref || isRemoved(comment) || after === null) return false;
  return compareAge(comment, { id: after }) > 0;
}
