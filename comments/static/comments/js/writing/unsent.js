/**
 * Own comments that the server has not shown back yet. Pure state: the clock is an argument.
 *
 * An entry leaves only when its comment is here, or when its author discards it: text is never lost.
 */

import { compareAge, isRemoved } from "../thread/tree.js";

/** The server's limit on bursts is lower; this bounds what a reader can pile up while offline. */
export const MAX_ENTRIES = 20;

/**
 * @typedef {object} Entry
 * @property {string} ref UUID; the server stores one comment per ref, however often it is sent
 * @property {string} content
 * @property {string | null} parent
 * @property {string} author id of the person who wrote it; it is never sent as anybody else
 * @property {number} at ms, when it was written
 * @property {"queued" | "sending" | "waiting" | "failed" | "sent" | "pending"} state
 * @property {string | null} id of the stored comment, once the server has acked
 * @property {number | null} seq of the stored comment
 * @property {object | null} error the server's last answer, when it was a refusal
 * @property {number} dueAt ms, when a waiting entry may be sent again
 * @property {string | null} after id of a comment that is older than its own; null where none is known
 * @property {string | null} shownAs id of the comment that must be its own, though no answer has said so
 */

export class Outbox {
  constructor() {
    /** @type {Map<string, Entry>} by ref */
    this.entries = new Map();
  }

  /** @returns {Entry[]} in the order of writing */
  list() {
    return [...this.entries.values()];
  }

  get(ref) {
    return this.entries.get(ref);
  }

  isFull() {
    return this.entries.size >= MAX_ENTRIES;
  }

  add({ ref, content, parent, author, at, after = null }) {
    const entry = { ref, content, parent, author, at, after, ...UNSENT };
    this.entries.set(ref, entry);
    return entry;
  }

  /** Takes back an entry kept over a reload. One that is too old waits for its author's word. */
  restore(entry, isOld) {
    this.entries.set(entry.ref, { after: null, ...entry, ...UNSENT });
    if (isOld) this.fail(entry.ref, { reason: "old" });
  }

  /** The entry whose turn it is. One at a time, so that comments arrive in the order of writing. */
  first(author) {
    const own = this.list().filter((entry) => entry.author === author);
    if (own.some(({ state }) => state === "sending")) return undefined;
    return own.find(({ state }) => state === "queued" || state === "waiting");
  }

  /** The entry to send now. */
  next(author, now) {
    const first = this.first(author);
    return first?.state === "waiting" && first.dueAt > now ? undefined : first;
  }

  sending(ref) {
    this.set(ref, { state: "sending", error: null });
  }

  /** The connection went before an answer came: the same ref may be sent again, it is never doubled. */
  requeue() {
    for (const { ref, state } of this.list()) if (state === "sending") this.set(ref, { state: "queued" });
  }

  retry(ref) {
    this.set(ref, UNSENT);
  }

  wait(ref, dueAt, error) {
    this.set(ref, { state: "waiting", dueAt, error });
  }

  fail(ref, error) {
    this.set(ref, { state: "failed", error });
  }

  ack({ ref, id, seq = null, status }) {
    // A moderator was faster than the answer: it goes as quietly as it would from any page.
    if (!KEPT.has(status)) this.discard(ref);
    else this.set(ref, { state: status === "pending" ? "pending" : "sent", id, seq, error: null });
  }

  /** Where the ack did not say: the comment's change is at most this one. */
  passed(ref, seq) {
    if (this.get(ref)?.seq === null) this.set(ref, { seq });
  }

  /** What was acked may not be stored any more. The ref makes sending it again harmless. */
  sendAgain() {
    for (const { ref, id } of this.list()) if (id !== null) this.set(ref, UNSENT);
  }

  discard(ref) {
    this.entries.delete(ref);
  }

  /**
   * Lets go of the entries whose comments are here. An ack and its live frame may come in either order.
   * @param {import("../thread/store.js").Store} store
   * @returns {Entry[]} those let go
   */
  settle(store) {
    const refs = new Map();
    for (const { id, ref } of store.comments.values()) if (ref) refs.set(ref, id);
    const settled = this.list().filter(({ ref, id, seq, state }) => {
      if (refs.has(ref) || (id !== null && store.comments.has(id))) return true;
      // Acked, passed, and not here: it was removed since, or belongs to a part that is not loaded.
      return state === "sent" && seq !== null && seq <= store.seq;
    });
    for (const entry of settled) {
      const comment = store.comments.get(refs.get(entry.ref) ?? entry.id);
      if (comment) comment.ref = entry.ref;
      this.discard(entry.ref);
      if (comment) this.passedBy(comment);
    }
    this.recognise(store);
    return settled;
  }

  /** Entries leave in the order of writing, so what is still here is newer than what has left. */
  passedBy(comment) {
    for (const { ref, after } of this.list()) {
      if (after !== null && compareAge(comment, { id: after }) > 0) this.set(ref, { after: comment.id });
    }
  }

  /**
   * Finds the comments of entries that are on their way. The history brings comments without their ref, and it may be
   * faster than the answer to what was posted. The entry stays until that answer: the comment may be of another tab.
   */
  recognise(store) {
    const taken = new Set(this.list().flatMap(({ id, shownAs }) => [id, shownAs]));
    for (const entry of this.list()) {
      if (entry.state !== "sending" || entry.after === null || entry.shownAs !== null) continue;
      const own = [...store.comments.values()].find((comment) => !taken.has(comment.id) && isLike(entry, comment));
      if (!own) continue;
      taken.add(own.id);
      this.set(entry.ref, { shownAs: own.id });
    }
  }

  set(ref, changes) {
    const entry = this.entries.get(ref);
    if (entry) this.entries.set(ref, { ...entry, ...changes });
  }
}

/** What a stored comment may be, of which its author hears more. */
const KEPT = new Set(["visible", "pending"]);
const UNSENT = { state: "queued", id: null, seq: null, error: null, dueAt: 0, shownAs: null };

/** Whether a comment that has no ref is by the entry's author, says the same in the same place, and is newer. */
function isLike({ author, content, parent, after }, comment) {
  const isSame = comment.user_id === author && comment.content === content && comment.parent === parent;
  return isSame && !comment.ref && !isRemoved(comment) && compareAge(comment, { id: after }) > 0;
}
