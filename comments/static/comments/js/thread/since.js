/** What has changed since the reader's last visit: in words, and in the order in which one goes through it. Pure. */

import { plural } from "../plural.js";

/** @import { Changed, Since } from "../client/wire.js" */

/**
 * @param {Since} since
 * @returns {string} one line; empty where there is nothing to say
 */
export function sentenceOf({ from, new: fresh, replies, edited, removed }) {
  const toYou = `${plural(replies, "reply", "replies")} to you`;
  const parts = [fresh && `${fresh} new`, replies && toYou, edited && `${edited} edited`, removed && `${removed} removed`];
  const said = parts.filter(Boolean).join(", ");
  return from !== null && said ? `Since you left: ${said}` : "";
}

/**
 * @param {Changed} change
 * @returns {string} the mark at the comment
 */
export function markOf({ kind, reply }) {
  if (reply) return "new, to you";
  return kind === "new" ? "new" : "since you left";
}

/**
 * @param {Changed[]} changes
 * @param {string} sort
 * @returns {string[]} ids of those that can be gone to: by conversation, in the order of the list, and in each by age
 */
export function routeOf(changes, sort) {
  const there = changes.filter(({ kind }) => kind !== "removed");
  const direction = sort === "oldest" ? 1 : -1;
  const rootOf = (/** @type {Changed} */ { id, root }) => Number(root ?? id);
  there.sort((a, b) => direction * (rootOf(a) - rootOf(b)) || Number(a.id) - Number(b.id));
  return there.map(({ id }) => id);
}

/**
 * @param {string[]} route
 * @param {string | null} at id
 * @param {number} by 1 or -1
 * @returns {number} index of the next one; it goes round, and begins at the end that it does not go to
 */
export function stepIn(route, at, by) {
  const index = at === null ? -1 : route.indexOf(at);
  if (index < 0) return by > 0 ? 0 : route.length - 1;
  return (index + by + route.length) % route.length;
}
