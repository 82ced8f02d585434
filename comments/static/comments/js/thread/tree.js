/** The order in which comments are shown. Pure; `arrange` in comments/arranging.py gives the same. */

import { compareAge, isRemoved } from "./age.js";
import { isWithin } from "./windows.js";

export { compareAge, isRemoved };

/** @import { Conversation, Entry, Item, StoredComment, Window } from "./types.js" */

/**
 * Whether it has its place: a removed comment keeps it only while something visible answers it.
 * @param {StoredComment} comment
 */
const stands = (comment) => !isRemoved(comment) || comment.reply_count > 0;

/**
 * Conversations in the order of the list, the own ones that were kept on top. What answers a root stands beneath it,
 * oldest first; what answers that, beneath that; and what is deeper stands there too, and names what it answers.
 *
 * @param {object} thread
 * @param {Map<string, StoredComment>} thread.comments by id
 * @param {Window & {ids: string[]}} thread.roots
 * @param {Set<string>} thread.pinned
 * @param {Map<string, Conversation>} thread.conversations
 * @param {Entry[]} [entries] own comments on their way, in the order of writing
 * @returns {Item[]}
 */
export function arrange({ comments, roots, pinned, conversations }, entries = []) {
  const standIns = new Map(entries.filter(isOnItsWay).map(({ shownAs, ref }) => [shownAs, ref]));
  const awaited = entries.filter((entry) => !(isOnItsWay(entry) && comments.has(entry.shownAs ?? "")));
  const answered = new Set(awaited.map(({ parent }) => parent));
  const replies = byRoot(comments, awaited);
  /** @type {Item[]} */
  const list = [];
  for (const id of [...[...pinned].reverse(), ...roots.ids]) {
    const comment = comments.get(id);
    const conversation = conversations.get(id);
    const below = replies.get(id) ?? [];
    if (!comment || !conversation || !(stands(comment) || below.some(({ entry }) => entry))) continue;
    // It was kept by itself, and now its conversation is here.
    if (conversations.has(comment.root ?? "")) continue;
    const root = { ...commentItem(comment), orphan: comment.root !== null };
    fill(root, below.filter((item) => !item.comment || stands(item.comment) || answered.has(item.comment.id)), conversation);
    list.push(root);
  }
  const own = awaited.filter(({ parent }) => !comments.has(parent ?? ""));
  const items = [...own.reverse().map(entryItem), ...list];
  for (const item of flat(items)) item.ref ??= standIns.get(item.comment?.id ?? "") ?? null;
  return items;
}

/**
 * @param {Item[]} items
 * @returns {Item[]} these and all below them
 */
export function flat(items) {
  return items.flatMap((item) => [item, ...flat(item.replies), ...flat(item.after)]);
}

/**
 * An entry that was refused or answered is shown beside the comment that looks like it.
 * @param {Entry} entry
 */
const isOnItsWay = ({ state }) => state === "sending" || state === "queued";

/**
 * @param {Map<string, StoredComment>} comments
 * @param {Entry[]} entries
 * @returns {Map<string, Item[]>} what stands below each root, oldest first, by the root's id
 */
function byRoot(comments, entries) {
  /** @type {Map<string, Item[]>} */
  const below = new Map();
  /** @type {(root: string, item: Item) => unknown} */
  const add = (root, item) => below.get(root)?.push(item) ?? below.set(root, [item]);
  const replies = [...comments.values()].filter(({ root }) => root);
  for (const comment of replies.sort(compareAge)) add(comment.root ?? "", commentItem(comment));
  for (const entry of entries) {
    const parent = comments.get(entry.parent ?? "");
    if (parent) add(parent.root ?? parent.id, entryItem(entry));
  }
  return below;
}

/**
 * Puts what stands below a root into its places.
 * @param {Item} root
 * @param {Item[]} below oldest first
 * @param {Conversation} conversation
 */
function fill(root, below, conversation) {
  /** @type {Map<string, {item: Item, top: Item}>} by id; `top`: the reply to the root that it belongs to */
  const placed = new Map();
  for (const item of below) {
    const parent = item.comment?.parent ?? item.entry?.parent ?? "";
    const answered = placed.get(parent);
    const top = answered?.top ?? item;
    if (answered) {
      if (answered.item !== answered.top) item.to = answered.item.comment;
      top.replies.push(item);
    } else {
      item.orphan = parent !== root.comment?.id;
      (isBehind(item, conversation) ? root.after : root.replies).push(item);
    }
    if (item.comment) placed.set(item.comment.id, { item, top });
  }
  const shown = below.filter(({ comment }) => comment && !isRemoved(comment)).length;
  const hidden = Math.max(0, (root.comment?.reply_count ?? 0) - shown);
  if (conversation.previous) root.earlier = conversation.next ? Math.min(hidden, Math.max(0, conversation.earlier)) : hidden;
  if (conversation.next) root.later = hidden - root.earlier;
}

/**
 * @param {Item} item
 * @param {Conversation} conversation
 */
function isBehind({ comment }, { next }) {
  return next !== null && (!comment || !isWithin(comment.id, { previous: null, next }, compareAge));
}

/** @returns {Pick<Item, "ref" | "to" | "orphan" | "earlier" | "later" | "replies" | "after">} */
const empty = () => ({ ref: null, to: null, orphan: false, earlier: 0, later: 0, replies: [], after: [] });

/**
 * @param {StoredComment} comment
 * @returns {Item}
 */
const commentItem = (comment) => ({ ...empty(), key: `comment-${comment.id}`, comment, entry: null, ref: comment.ref ?? null });

/**
 * @param {Entry} entry
 * @returns {Item}
 */
const entryItem = (entry) => ({ ...empty(), key: `entry-${entry.ref}`, comment: null, entry, orphan: Boolean(entry.parent) });
