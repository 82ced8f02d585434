/** The parts of lists that are loaded. Pure. */

import { compareAge } from "./age.js";
import { lastOf } from "./ends.js";

/**
 * @import { Edge, Window } from "./types.js"
 *
 * @typedef {"previous" | "next"} Side
 * @typedef {{results: {id: string}[], previous?: string | null, next: string | null}} Piece a page of a list
 * @typedef {(a: {id: string}, b: {id: string}) => number} Order
 */

/**
 * @param {string} sort
 * @returns {Order | null} of roots; null where only the server knows it
 */
export function orderOf(sort) {
  if (sort === "newest") return (a, b) => compareAge(b, a);
  return sort === "oldest" ? compareAge : null;
}

/**
 * @param {string} id
 * @param {Window} window
 * @param {Order} order of its list
 * @returns {boolean} whether what has this id has its place in the window
 */
export function isWithin(id, { previous, next }, order) {
  return (!previous || order({ id }, previous) >= 0) && (!next || order({ id }, next) <= 0);
}

/**
 * @param {Piece} page
 * @param {Side} side
 * @param {Edge | null} before the edge, on this side, of the window that the page was added to
 * @param {Order | null} order of the list
 * @returns {Edge | null} the edge of the window with the page in it
 */
export function edgeOf(page, side, before, order) {
  const cursor = page[side] ?? null;
  if (cursor === null) return null;
  const last = side === "next" ? lastOf(page.results) : page.results[0];
  // A page around the old edge may end before it.
  const isBehind = before && (!last || (order && (side === "next" ? order(last, before) < 0 : order(last, before) > 0)));
  return { cursor, id: isBehind ? before.id : (last?.id ?? "") };
}

/**
 * @param {Piece} page
 * @param {Side} side
 * @param {Edge | null} edge of a window on this side
 * @param {Order | null} order of the list
 * @returns {boolean} whether the page, added there, leaves no hole
 */
export function meets(page, side, edge, order) {
  // A cursor leaves none by itself, and an order that only the server knows can't be looked at.
  if (!edge || edge.cursor !== null || !order) return true;
  const [first, last] = [page.results[0], lastOf(page.results)];
  if (side === "next") return !page.previous || (first !== undefined && order(first, edge) <= 0);
  return !page.next || (last !== undefined && order(last, edge) >= 0);
}

/**
 * A page around an edge may reach over the other one, or into what was dropped there.
 * @template {{id: string}} Row
 * @param {{results: Row[]}} page
 * @param {Side} side
 * @param {Window} window that the page is added to
 * @param {Order | null} order of the list
 * @returns {Row[]} what of the page belongs to the window then
 */
export function beyond({ results }, side, window, order) {
  const edge = window[side];
  if (order) {
    const other = side === "next" ? { ...window, next: null } : { ...window, previous: null };
    return results.filter(({ id }) => isWithin(id, other, order));
  }
  const at = results.findIndex(({ id }) => id === edge?.id);
  if (at < 0) return results;
  return side === "next" ? results.slice(at + 1) : results.slice(0, at);
}
