/** What a page says of the comments that it shows, to have the server compare it with the database. Pure. */

import { compareAge, isRemoved } from "./age.js";
import { isWithin, orderOf } from "./windows.js";

/**
 * @import { Shown, ShownWindow } from "../client/wire.js"
 * @import { Store } from "./store.js"
 * @import { StoredComment, Window } from "./types.js"
 */

const MOST_WINDOWS = 200; // of docs/protocol.md

/**
 * @param {string} text
 * @returns {string} the CRC-32 (ISO 3309) of its UTF-8, as eight hexadecimal digits
 */
export function crc32(text) {
  let rest = -1;
  for (const byte of new TextEncoder().encode(text)) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (~rest >>> 0).toString(16).padStart(8, "0");
}

/**
 * @param {Store} store
 * @returns {Shown | null} null where nothing can be said of what is loaded
 */
export function shownOf(store) {
  const windows = [...rootWindows(store), ...replyWindows(store)].slice(0, MOST_WINDOWS);
  if (windows.length === 0) return null;
  const isShown = (/** @type {StoredComment} */ comment) => !isRemoved(comment) && windows.some((one) => isIn(comment, one));
  const shown = [...store.comments.values()].filter(isShown).sort(compareAge);
  const digestOf = (/** @type {(comment: StoredComment) => string} */ textOf) => crc32(shown.map(textOf).join(""));
  const reactions = { seq: store.counts.seq, digest: digestOf(countsText) };
  return { epoch: store.epoch, seq: store.seq, digest: digestOf(({ id, version }) => `${id}:${version};`), windows, reactions };
}

/** @param {StoredComment} comment */
function countsText({ id, reactions = {} }) {
  const counts = Object.entries(reactions).map((each) => each.join(" "));
  return counts.length > 0 ? `${id}:${counts.sort()};` : "";
}

/**
 * @param {Store} store
 * @returns {ShownWindow[]}
 */
function rootWindows({ sort, roots }) {
  // In an order that only the server knows, what stands between two ids is no part of the list.
  if (!orderOf(sort)) return roots.ids.map((id) => ({ first: id, last: id }));
  return complete([sort === "newest" ? ends({ previous: roots.next, next: roots.previous }) : ends(roots)]);
}

/**
 * @param {Store} store
 * @returns {ShownWindow[]}
 */
function replyWindows({ roots, conversations }) {
  return complete(roots.ids.map((root) => ({ root, ...ends(conversations.get(root)) })));
}

/**
 * @param {Window | undefined} window
 * @returns {ShownWindow} the ends that it has
 */
function ends(window) {
  return {
    ...(window?.previous && { first: window.previous.id }),
    ...(window?.next && { last: window.next.id }),
  };
}

/**
 * @param {ShownWindow[]} windows
 * @returns {ShownWindow[]} those in which anything is loaded
 */
const complete = (windows) => windows.filter(({ first, last }) => first !== "" && last !== "");

/**
 * @param {StoredComment} comment
 * @param {ShownWindow} window
 */
function isIn({ id, root }, window) {
  const [previous, next] = [window.first, window.last].map((end) => (end ? { id: end, cursor: null } : null));
  return (root ?? null) === (window.root ?? null) && isWithin(id, { previous: previous ?? null, next: next ?? null }, compareAge);
}
