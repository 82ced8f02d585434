/** Where a root stands in the order of the top comments: reactions first, then replies, then age. Pure. */

import { compareAge } from "./age.js";

/**
 * @import { Store } from "./store.js"
 * @import { Comment } from "./types.js"
 */

/**
 * Of a root that has replies nobody here knows which, so it has no place here.
 * @param {Pick<Store, "roots" | "comments">} store
 * @param {Comment} root that is not here
 * @returns {number} its index; -1 where it stands beyond an edge
 */
export function rankIn({ roots, comments }, root) {
  const { ids, previous, next } = roots;
  if (root.reply_count > 0) return -1;
  const at = ids.findIndex((id) => isBefore(root, comments.get(id) ?? root));
  if (at < 0) return next ? -1 : ids.length;
  return at === 0 && previous ? -1 : at;
}

/**
 * @param {Comment} a
 * @param {Comment} b
 */
function isBefore(a, b) {
  return (reactionsTo(b) - reactionsTo(a) || b.reply_count - a.reply_count || compareAge(b, a)) < 0;
}

/** @param {Comment} comment */
const reactionsTo = ({ reactions = {} }) => Object.values(reactions).reduce((sum, count) => sum + count, 0);
