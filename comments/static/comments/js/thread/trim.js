/** What leaves the store when there is too much: what is farthest from what the reader looks at. */

import { compareAge } from "./age.js";
import { lastOf } from "./ends.js";
import { isWithin } from "./windows.js";

/**
 * @import { Store } from "./store.js"
 * @import { StoredComment } from "./types.js"
 */

/**
 * Drops conversations at the far end of the list; of the one that the reader looks at, the far end.
 * @param {Store} store
 * @param {string | null} looked id of a comment; null: the list's beginning
 * @param {number} excess comments that are too many
 */
export function trim(store, looked, excess) {
  const conversations = byRoot(store);
  const target = store.comments.size - excess;
  const { ids } = store.roots;
  const at = store.comments.get(looked ?? "");
  const kept = Math.max(0, ids.indexOf(at?.root ?? at?.id ?? ""));
  const sizeOf = (/** @type {string} */ id) => 1 + (conversations.get(id)?.length ?? 0);
  let before = ids.slice(0, kept).reduce((sum, id) => sum + sizeOf(id), 0);
  let after = ids.slice(kept + 1).reduce((sum, id) => sum + sizeOf(id), 0);
  while (store.comments.size > target && before + after > 0) {
    const isNext = after >= before;
    const id = (isNext ? ids.pop() : ids.shift()) ?? "";
    if (isNext) after -= sizeOf(id);
    else before -= sizeOf(id);
    for (const reply of conversations.get(id) ?? []) store.comments.delete(reply.id);
    store.comments.delete(id);
    store.conversations.delete(id);
    if (store.arrived.delete(id)) store.missed.add(id);
    // No cursor of the server's stands here: the next page is the one around the last that is left.
    const [first = "", last = ""] = [ids[0], lastOf(ids)];
    store.roots[isNext ? "next" : "previous"] = { cursor: null, id: isNext ? last : first };
  }
  dropStrays(store, conversations, target);
  const [only = ""] = ids;
  if (store.comments.size > target) shorten(store, only, at, store.comments.size - target);
}

/**
 * @param {Store} store
 * @param {string} root
 * @param {StoredComment | undefined} at what the reader looks at
 * @param {number} excess
 */
function shorten(store, root, at, excess) {
  const conversation = store.conversations.get(root);
  if (!conversation) return;
  const replies = (byRoot(store).get(root) ?? []).filter(({ id }) => isWithin(id, conversation, compareAge)).sort(compareAge);
  const index = Math.max(0, at ? replies.findIndex(({ id }) => id === at.id) : 0);
  for (let dropped = 0, low = 0, high = replies.length - 1; dropped < excess && low < high; dropped += 1) {
    const isNext = high - index >= index - low;
    const gone = isNext ? replies[high] : replies[low];
    if (isNext) high -= 1;
    else low += 1;
    store.comments.delete(gone.id);
    if (!isNext && gone.status !== "removed") conversation.earlier += 1;
    conversation[isNext ? "next" : "previous"] = { cursor: null, id: replies[isNext ? high : low].id };
  }
}

/**
 * Comments that were kept though their conversations are not here. The oldest go first.
 * @param {Store} store
 * @param {Map<string, StoredComment[]>} replies
 * @param {number} target
 */
function dropStrays({ comments, conversations, pinned }, replies, target) {
  const strays = [...replies].filter(([root]) => !conversations.has(root)).flatMap(([, some]) => some);
  for (const { id } of strays.sort(compareAge)) {
    if (comments.size <= target) return;
    comments.delete(id);
    conversations.delete(id);
    pinned.delete(id);
  }
}

/**
 * @param {Store} store
 * @returns {Map<string, StoredComment[]>} replies by the id of their root
 */
function byRoot({ comments }) {
  /** @type {Map<string, StoredComment[]>} */
  const replies = new Map();
  for (const comment of comments.values()) {
    if (!comment.root || comment.root === comment.id) continue;
    const some = replies.get(comment.root);
    if (some) some.push(comment);
    else replies.set(comment.root, [comment]);
  }
  return replies;
}
