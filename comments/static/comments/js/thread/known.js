/** The comments that are known, each with the change that it is known from. Pure state. */

import { compareAge, isRemoved } from "./age.js";
import { Sequence } from "./sequence.js";

/**
 * @import { HistoryAnswer, Reactions } from "../client/wire.js"
 * @import { Comment, StoredComment } from "./types.js"
 */

/** @type {Comment} what is left of a comment that was removed */
export const NOTHING = {
  id: "",
  root: null,
  parent: null,
  user: "",
  user_id: "",
  role: "",
  html: "",
  timestamp: "",
  edited_at: null,
  status: "removed",
  version: 0,
  reply_count: 0,
};

/**
 * @param {{id?: unknown, user?: unknown, html?: unknown, timestamp?: unknown}} value
 * @returns {boolean} whether it has what the page needs of a comment
 */
export function isComment({ id, user, html, timestamp }) {
  const isText = (/** @type {unknown} */ value) => typeof value === "string";
  return isText(id) && id !== "" && isText(user) && (isText(html) || html === null) && isText(timestamp);
}

export class Known extends Sequence {
  /** @type {Map<string, StoredComment>} by id */
  comments = new Map();
  /** Id that every comment written from now on is newer than, as far as is known here. */
  newest = "";

  /**
   * Takes a comment of a page.
   * @param {Comment} comment
   * @param {number} seq of that page
   */
  take(comment, seq) {
    const known = this.comments.get(comment.id);
    this.heard(comment.id);
    this.counted(comment.id, comment.reply_count, seq);
    // What is known here from a later change than the page's is newer than the page.
    if (!known || known.seq <= seq) this.set(comment, seq);
  }

  /**
   * Takes what a change says of a comment that is here.
   * @param {StoredComment} known
   * @param {Comment & {seq: number}} comment
   */
  replace(known, comment) {
    const isOld = known.seq > comment.seq || (!isRemoved(known) && known.version > comment.version);
    if (!isOld) this.set(comment, comment.seq);
  }

  /**
   * @param {Comment} comment
   * @param {number} seq that it is known from
   */
  set(comment, seq) {
    const known = this.comments.get(comment.id);
    const { counted = seq, reply_count = comment.reply_count } = known && known.counted > seq ? known : {};
    const root = comment.root === comment.id ? null : comment.root;
    const set = { ...comment, root, seq, counted, reply_count: reply_count ?? 0 };
    this.comments.set(comment.id, this.counts.on(set));
  }

  /**
   * @param {Reactions} reactions of a comment that is here or not
   * @param {{live?: boolean}} [options] as of Counts.receive
   */
  react(reactions, options) {
    this.counts.receive(reactions, options);
    this.#showCounts([reactions]);
  }

  /** Somebody else reads now: what was said of comments to the one before alone is forgotten. */
  disown() {
    for (const [id, { reacted, ...comment }] of this.comments) this.comments.set(id, comment);
  }

  /** @param {Omit<HistoryAnswer, "head">} answer */
  applyHistory(answer) {
    const outcome = super.applyHistory(answer);
    if (outcome !== "reset") this.#showCounts(answer.reactions ?? []);
    return outcome;
  }

  /** @param {Reactions[]} changed */
  #showCounts(changed) {
    for (const { id } of changed) {
      const known = this.comments.get(id);
      if (known) this.comments.set(id, this.counts.on(known));
    }
  }

  /**
   * @param {string | null} id
   * @param {number | null | undefined} count of visible replies; of a root, of all comments below it
   * @param {number} seq that it is known from
   */
  counted(id, count, seq) {
    const known = this.comments.get(id ?? "");
    if (!known || typeof count !== "number" || known.counted > seq || known.reply_count === count) return;
    this.comments.set(known.id, { ...known, reply_count: count, counted: seq });
  }

  /** @param {string} id of a comment that exists */
  heard(id) {
    if (compareAge({ id }, { id: this.newest }) > 0) this.newest = id;
  }
}
