/** A store's contents as data, for a page that is left and comes back. */

/**
 * @import { Store } from "./store.js"
 * @import { Conversation, StoredComment } from "./types.js"
 *
 * @typedef {Pick<Store, "epoch" | "seq" | "count" | "policy" | "sort" | "roots" | "newest"> & KeptLists} Kept
 * @typedef {object} KeptLists
 * @property {number} reaction_seq
 * @property {StoredComment[]} comments
 * @property {[string, Conversation][]} conversations
 * @property {string[]} pinned
 * @property {string[]} missed
 */

/**
 * @param {Store} store
 * @param {(id: string) => string} textOf the HTML of a comment that stands in the page, and is not known to the store
 * @returns {Kept}
 */
export function keptOf(store, textOf) {
  const { epoch, seq, count, policy, sort, roots, newest } = store;
  const comments = [...store.comments.values()].map((one) => (one.html === null ? { ...one, html: textOf(one.id) } : one));
  const lists = { conversations: [...store.conversations], pinned: [...store.pinned], missed: [...store.missed] };
  const position = { epoch, seq, count, reaction_seq: store.counts.seq };
  return { ...position, policy, sort, roots, newest, comments, ...lists };
}

/**
 * Makes a store go on from what was kept; the history then brings it up to date.
 * @param {Store} store with a snapshot of now
 * @param {Kept} kept
 * @returns {boolean} false: it is of another numbering
 */
export function resume(store, kept) {
  if (kept.epoch !== store.epoch || kept.seq > store.head) return false;
  store.begin(kept);
  const { policy, sort, roots, newest } = kept;
  Object.assign(store, { policy, sort, roots, newest });
  store.comments = new Map(kept.comments.map((comment) => [comment.id, comment]));
  store.conversations = new Map(kept.conversations);
  store.pinned = new Set(kept.pinned);
  store.missed = new Set(kept.missed);
  return true;
}
