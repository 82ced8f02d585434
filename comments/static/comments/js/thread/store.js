/**
 * What the page knows of a thread: windows of it. Pure state: no DOM, no clock, no network.
 *
 * A window is the part of a list that is loaded without a hole: one of the roots, and one of each loaded root's
 * replies. It has an edge where the list goes on beyond it.
 *
 * The law: whatever frames are lost, doubled or reordered, once `seq` is the thread's head each window holds what a
 * fresh snapshot of that part holds.
 */

import { compareAge } from "./age.js";
import { Known, NOTHING, isComment } from "./known.js";
import { rankIn } from "./rank.js";
import { trim } from "./trim.js";
import { beyond, edgeOf, isWithin, meets, orderOf } from "./windows.js";

/**
 * @import { Change, Message, Removed } from "../client/wire.js"
 * @import { Comment, Conversation, Page, RepliesPage, StoredComment, Window } from "./types.js"
 * @import { Side } from "./windows.js"
 */

export { isComment };

/** Comments kept in memory, and so in the document. */
export const MAX_COMMENTS = 300;

export class Store extends Known {
  /** @type {(change: Change) => void} told of each change once it is applied, in order */
  onApplied = () => {};
  /** @type {() => void} told that a snapshot has replaced everything */
  onReset = () => {};
  /** @type {(comment: Comment) => boolean} whether a new comment is kept though its place is in no window */
  keeps = () => false;
  policy = "open";
  sort = "newest";
  /** @type {Page["around"]} the comment that the page was asked for, and what became of it */
  around = null;
  /** @type {Window & {ids: string[]}} in the order of the list */
  roots = { ids: [], previous: null, next: null };
  /** @type {Map<string, Conversation>} by the id of their root, one for each of `roots` and `pinned` */
  conversations = new Map();
  /** @type {Set<string>} comments that were kept though their conversations are not here: they stand on top for now */
  pinned = new Set();
  /** @type {Set<string>} new comments that are here, and that nobody has taken out of this set yet */
  arrived = new Set();
  /** @type {Set<string>} new roots that are in no window */
  missed = new Set();

  /** @param {Page} page */
  constructor(page) {
    super();
    this.loadSnapshot(page);
  }

  /**
   * Forgets everything and starts from a page of roots.
   * @param {Page} page
   */
  loadSnapshot(page) {
    if (page.epoch !== this.epoch) this.newest = "";
    this.begin(page);
    this.policy = page.policy ?? this.policy;
    this.sort = page.sort ?? this.sort;
    this.around = page.around ?? null;
    this.comments = new Map();
    this.roots = { ids: [], previous: null, next: null };
    this.conversations = new Map();
    this.pinned = new Set();
    this.missed = new Set();
    this.arrived = new Set();
    this.#addRoots(page, "next");
    this.roots.previous = edgeOf(page, "previous", null, null);
    this.onReset();
  }

  /**
   * Adds roots beyond an edge.
   * @param {Page} page
   * @param {Side} side
   * @returns {number | null} how many are new here; null where the page can't be used, and its question has to be
   *   asked again
   */
  addRoots(page, side) {
    const missed = this.#missedBy(page);
    if (!missed || (page.sort ?? this.sort) !== this.sort) return null;
    if (!meets(page, side, this.roots[side], orderOf(this.sort))) return null;
    const before = this.roots.ids.length;
    this.#addRoots(page, side);
    for (const change of missed) this.#put(change);
    return this.roots.ids.length - before;
  }

  /**
   * Adds replies beyond an edge of their conversation's window.
   * @param {RepliesPage} page
   * @param {Side} side
   * @returns {number | null} how many are new here; null as of `addRoots`
   */
  addReplies(page, side) {
    const missed = this.#missedBy(page);
    const conversation = this.conversations.get(page.root);
    if (!missed) return null;
    if (!conversation) return 0;
    if (!meets(page, side, conversation[side], compareAge)) return null;
    const before = this.comments.size;
    this.#addReplies(conversation, page, side);
    this.counted(page.root, page.reply_count, page.seq);
    for (const change of missed) this.#put(change);
    return this.comments.size - before;
  }

  get isFull() {
    return this.comments.size > MAX_COMMENTS;
  }

  /**
   * Keeps the number of comments within bounds.
   * @param {string | null} looked id of the comment that the reader looks at; null: the list's beginning
   * @param {number} [most]
   */
  trim(looked, most = MAX_COMMENTS) {
    if (this.comments.size > most) trim(this, looked, this.comments.size - most);
  }

  /** @param {Change} change */
  apply(change) {
    this.#put(change);
    this.onApplied(change);
  }

  /**
   * @param {{epoch: string, seq: number, reaction_seq?: number}} page
   * @returns {Change[] | null} what it does not have in it of what was applied here
   */
  #missedBy({ epoch, seq, reaction_seq }) {
    return epoch === this.epoch && this.counts.reaches(reaction_seq) ? this.changesAfter(seq) : null;
  }

  /**
   * @param {Page} page
   * @param {Side} side
   */
  #addRoots(page, side) {
    const isNew = (/** @type {Comment} */ { id }) => !this.conversations.has(id) || this.pinned.has(id);
    const roots = beyond(page, side, this.roots, orderOf(this.sort)).filter((root) => isComment(root) && isNew(root));
    const ids = roots.map(({ id }) => id);
    for (const { replies, ...root } of roots) {
      this.take(root, page.seq);
      this.#open(root.id, { ...replies, seq: page.seq });
    }
    for (const elsewhere of [this.pinned, this.missed]) ids.forEach((id) => elsewhere.delete(id));
    this.roots.ids = side === "next" ? [...this.roots.ids, ...ids] : [...ids, ...this.roots.ids];
    const order = orderOf(this.sort);
    if (order) this.roots.ids.sort((a, b) => order({ id: a }, { id: b }));
    this.roots[side] = edgeOf(page, side, this.roots[side], order);
  }

  /**
   * @param {string} id of a root
   * @param {Omit<RepliesPage, "root" | "reply_count" | "epoch">} page
   */
  #open(id, page) {
    /** @type {Conversation} */
    const conversation = { previous: null, next: null, earlier: page.earlier };
    this.conversations.set(id, conversation);
    this.#addReplies(conversation, page, "next");
    conversation.previous = edgeOf(page, "previous", null, null);
  }

  /**
   * @param {Conversation} conversation
   * @param {Omit<RepliesPage, "root" | "reply_count" | "epoch">} page
   * @param {Side} side
   */
  #addReplies(conversation, page, side) {
    const replies = beyond(page, side, conversation, compareAge);
    for (const reply of replies.filter(isComment)) this.take(reply, page.seq);
    conversation[side] = edgeOf(page, side, conversation[side], compareAge);
    if (side === "previous") conversation.earlier = page.earlier;
  }

  /** @param {Change} change */
  #put(change) {
    if (change.type === "thread") this.policy = change.policy;
    if (change.type !== "message" && change.type !== "removed") return;
    const root = change.root ?? change.id;
    const conversation = this.conversations.get(root);
    const before = this.comments.get(root)?.reply_count ?? 0;
    this.counted(root, change.root_reply_count, change.seq);
    if (change.parent !== root) this.counted(change.parent, change.parent_reply_count, change.seq);
    if (change.id !== root) this.counted(change.id, change.reply_count, change.seq);
    if (conversation?.previous && compareAge(change, conversation.previous) < 0) {
      conversation.earlier += (this.comments.get(root)?.reply_count ?? 0) - before;
    }
    if (change.type === "message") this.#show(change);
    else this.#remove(change);
  }

  /** @param {Message} frame */
  #show({ type, prev, count, root_reply_count, parent_reply_count, first_seq = Infinity, ...comment }) {
    if (!isComment(comment)) return;
    if (comment.root === comment.id) comment.root = null;
    // A page that does not begin with the newest comment never heard of those after it.
    const isNew = compareAge(comment, { id: this.newest }) > 0 && first_seq > this.begunAt;
    this.heard(comment.id);
    const known = this.comments.get(comment.id);
    if (known) {
      this.replace(known, comment);
    } else if (!this.#belongs(comment, isNew)) {
      this.#leaveOut(comment, isNew);
    } else {
      this.#place(comment, root_reply_count, isNew);
      if (isNew) this.arrived.add(comment.id);
    }
  }

  /** @param {Removed} frame */
  #remove({ id, root = null, parent = null, seq, reply_count, root_reply_count }) {
    const known = this.comments.get(id);
    const answers = known?.reply_count ?? reply_count ?? (parent ? 0 : root_reply_count) ?? 0;
    const tombstone = { ...NOTHING, id, root, parent, reply_count: answers };
    this.heard(id);
    this.missed.delete(id);
    if (known) {
      if (known.seq <= seq) this.set({ ...tombstone, timestamp: known.timestamp, version: known.version }, seq);
    } else if (answers > 0 && this.#belongs(tombstone, false)) {
      // It was removed before it was ever here, and stands all the same, because something answers it.
      this.#place({ ...tombstone, seq }, root_reply_count);
    }
  }

  /**
   * Whether a comment that is not here has its place in a window.
   * @param {Comment} comment
   * @param {boolean} isNew
   */
  #belongs(comment, isNew) {
    const order = orderOf(this.sort);
    const root = comment.parent && comment.root;
    const conversation = this.conversations.get(root ?? "");
    if (conversation) return isWithin(comment.id, conversation, compareAge);
    if (order) return isWithin(root ?? comment.id, this.roots, order);
    if (root) return false;
    // Among the top ones, what is new comes last for now.
    return isNew ? this.roots.next === null : rankIn(this, comment) >= 0;
  }

  /**
   * Puts a comment into its window.
   * @param {Comment & {seq: number}} comment
   * @param {number} [count] of comments below its root
   * @param {boolean} [isNew] as above
   */
  #place(comment, count, isNew = false) {
    const { id, root, parent, seq } = comment;
    this.set(comment, seq);
    if (!parent || !root) {
      if (this.keeps(comment) && this.sort !== "newest") this.#pin(id);
      else this.#insert(id, isNew ? -1 : rankIn(this, comment));
    } else if (!this.conversations.has(root)) {
      // Its root is in the window and was not shown: it was removed, and nothing below it was visible until now.
      this.set({ ...NOTHING, id: root, reply_count: count ?? 1 }, seq);
      this.#insert(root);
    }
  }

  /**
   * @param {string} id of a root that has no other replies than those of which frames come
   * @param {number} [at] its index where ids don't say it; -1: the end
   */
  #insert(id, at = -1) {
    const { ids } = this.roots;
    const order = orderOf(this.sort);
    const index = order ? ids.findIndex((other) => order({ id: other }, { id }) > 0) : at;
    ids.splice(index < 0 ? ids.length : index, 0, id);
    this.conversations.set(id, { previous: null, next: null, earlier: 0 });
  }

  /** @param {string} id */
  #pin(id) {
    this.pinned.add(id);
    this.conversations.set(id, { previous: null, next: null, earlier: 0 });
  }

  /**
   * @param {Comment & {seq: number}} comment that has its place in no window
   * @param {boolean} isNew
   */
  #leaveOut(comment, isNew) {
    if (!isNew) return;
    if (this.keeps(comment)) {
      this.set(comment, comment.seq);
      if (!this.conversations.has(comment.root ?? "")) this.#pin(comment.id);
    } else if (!comment.parent) {
      this.missed.add(comment.id);
    }
  }
}
