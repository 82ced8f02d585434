/** The order in which comments are shown. Pure; `arrange` in comments/templatetags/comments.py gives the same. */

/**
 * @typedef {object} Item
 * @property {string} key one per comment or entry, for as long as it is shown
 * @property {object | null} comment
 * @property {object | null} entry an own comment that the server does not have yet (outbox.js)
 * @property {string | null} ref of the entry whose place the comment takes
 * @property {object | null} to the comment answered, where nesting does not say so
 * @property {boolean} orphan it answers a comment that is not loaded
 * @property {Item[]} replies
 */

/** Older first. Ids are the server's numbers in the order of writing, too large for JavaScript's own. */
export function compareAge(a, b) {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** @param {object} comment @returns {boolean} */
export const isRemoved = (comment) => comment.status === "removed";

/**
 * Newest first; what answers a comment stands beneath it, oldest first, on one level.
 * A removed comment keeps its place only while something that answers it is visible.
 *
 * @param {Map<string, object>} comments by id
 * @param {object[]} entries own comments on their way, in the order of writing
 * @returns {Item[]}
 */
export function arrange(comments, entries = []) {
  const visible = withAnswered(comments, entries);
  const groups = new Map();
  const roots = [];
  const shown = new Map([...comments].filter(([id]) => visible.has(id)));
  for (const comment of [...shown.values()].sort(compareAge)) {
    const root = rootOf(comment, shown);
    const item = itemOf(comment, shown, root);
    if (root === comment) roots.push(item);
    addTo(groups, root.id, item, root === comment);
  }
  const standIns = new Map(entries.filter(isOnItsWay).map(({ shownAs, ref }) => [shownAs, ref]));
  for (const item of roots.concat(...groups.values())) item.ref ??= standIns.get(item.comment.id) ?? null;
  for (const entry of entries) {
    if (isOnItsWay(entry) && shown.has(entry.shownAs)) continue;
    const parent = shown.get(entry.parent);
    const root = parent && rootOf(parent, shown);
    const item = entryItem(entry, parent, root);
    if (root && groups.has(root.id)) groups.get(root.id).push(item);
    else roots.push(item);
  }
  for (const item of roots) if (item.comment) item.replies = groups.get(item.comment.id);
  return roots.reverse();
}

/** Once it is refused or answered, it speaks for itself. */
const isOnItsWay = ({ state }) => state === "sending" || state === "queued";

function addTo(groups, id, item, isRoot) {
  if (!groups.has(id)) groups.set(id, []);
  if (!isRoot) groups.get(id).push(item);
}

function itemOf(comment, comments, root) {
  const parent = comments.get(comment.parent) ?? null;
  return {
    key: `comment-${comment.id}`,
    comment,
    entry: null,
    ref: comment.ref ?? null,
    to: parent && parent !== root && root !== comment ? parent : null,
    orphan: root === comment && Boolean(comment.parent),
    replies: [],
  };
}

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

/** The topmost loaded comment above this one, or itself. A circle, which only junk could make, ends somewhere. */
function rootOf(comment, comments) {
  const seen = new Set();
  let root = comment;
  while (root.parent && comments.has(root.parent) && !seen.has(root.id)) {
    seen.add(root.id);
    root = comments.get(root.parent);
  }
  return seen.has(root.id) ? comment : root;
}

/** Ids of what is shown: visible comments, and the removed ones that these, or own entries, directly answer. */
function withAnswered(comments, entries) {
  const visible = [...comments.values()].filter((comment) => !isRemoved(comment));
  return new Set([...visible.map(({ id }) => id), ...[...visible, ...entries].map(({ parent }) => parent)]);
}
