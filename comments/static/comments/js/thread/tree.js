/** The order in which comments are shown. Pure; `arrange` in comments/section.py gives the same. */

/** @import { CommentItem, Entry, EntryItem, Item, StoredComment } from "./types.js" */

/**
 * Older first. Ids are the server's numbers in the order of writing, too large for JavaScript's own.
 * @param {{id: string}} a
 * @param {{id: string}} b
 */
export function compareAge(a, b) {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** @param {{status: string}} comment */
export const isRemoved = (comment) => comment.status === "removed";

/**
 * Newest first; what answers a comment stands beneath it, oldest first, on one level.
 * A removed comment keeps its place only while something that answers it is visible.
 *
 * @param {Map<string, StoredComment>} comments by id
 * @param {Entry[]} [entries] own comments on their way, in the order of writing
 * @returns {Item[]}
 */
export function arrange(comments, entries = []) {
  const visible = withAnswered(comments, entries);
  const shown = new Map([...comments].filter(([id]) => visible.has(id)));
  /** @type {Item[]} */
  const roots = [];
  /** @type {Map<string, Item[]>} by the id of their root */
  const replies = new Map();
  const standIns = new Map(entries.filter(isOnItsWay).map(({ shownAs, ref }) => [shownAs, ref]));
  for (const comment of [...shown.values()].sort(compareAge)) {
    const root = rootOf(comment, shown);
    const item = commentItem(comment, shown, root);
    item.ref ??= standIns.get(comment.id) ?? null;
    if (!replies.has(root.id)) replies.set(root.id, []);
    if (root === comment) roots.push(item);
    else replies.get(root.id)?.push(item);
  }
  for (const entry of entries) {
    if (isOnItsWay(entry) && shown.has(entry.shownAs ?? "")) continue;
    const parent = shown.get(entry.parent ?? "");
    const root = parent && rootOf(parent, shown);
    (replies.get(root?.id ?? "") ?? roots).push(entryItem(entry, parent, root));
  }
  for (const item of roots) if (item.comment) item.replies = replies.get(item.comment.id) ?? [];
  return roots.reverse();
}

/**
 * An entry that was refused or answered is shown beside the comment that looks like it.
 * @param {Entry} entry
 */
const isOnItsWay = ({ state }) => state === "sending" || state === "queued";

/**
 * @param {StoredComment} comment
 * @param {Map<string, StoredComment>} comments
 * @param {StoredComment} root
 * @returns {CommentItem}
 */
function commentItem(comment, comments, root) {
  const parent = comments.get(comment.parent ?? "") ?? null;
  return {
    key: `comment-${comment.id}`,
    comment,
    entry: null,
    ref: comment.ref ?? null,
    to: parent !== root && root !== comment ? parent : null,
    orphan: root === comment && Boolean(comment.parent),
    replies: [],
  };
}

/**
 * @param {Entry} entry
 * @param {StoredComment | undefined} parent
 * @param {StoredComment | undefined} root
 * @returns {EntryItem}
 */
function entryItem(entry, parent, root) {
  return {
    key: `entry-${entry.ref}`,
    comment: null,
    entry,
    ref: null,
    to: parent && parent !== root ? parent : null,
    orphan: Boolean(entry.parent) && !parent,
    replies: [],
  };
}

/**
 * The topmost loaded comment above this one, or itself. A circle, which only junk could make, ends somewhere.
 * @param {StoredComment} comment
 * @param {Map<string, StoredComment>} comments
 */
function rootOf(comment, comments) {
  const seen = new Set();
  let root = comment;
  for (let above = comments.get(root.parent ?? ""); above; above = comments.get(root.parent ?? "")) {
    if (seen.has(above.id)) return comment;
    seen.add(above.id);
    root = above;
  }
  return root;
}

/**
 * Ids of what is shown: visible comments, and the removed ones that these, or own entries, directly answer.
 * @param {Map<string, StoredComment>} comments
 * @param {Entry[]} entries
 */
function withAnswered(comments, entries) {
  const visible = [...comments.values()].filter((comment) => !isRemoved(comment));
  return new Set([...visible.map(({ id }) => id), ...[...visible, ...entries].map(({ parent }) => parent)]);
}
