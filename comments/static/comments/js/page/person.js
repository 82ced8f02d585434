/** What stands beside a name: a coloured initial, and that it is one's own. Colours are of comments/bar.css. */

import { make, part, setText } from "../dom.js";

const HUES = 12;

/**
 * @param {string} key of an author
 * @returns {number} which colour their initial has: always the same, as the `hue` filter of the server's templates says
 */
export function hueOf(key) {
  let number = 0;
  for (const letter of key) number = (Math.imul(number, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return number % HUES;
}

/**
 * @param {string} name
 * @returns {string} its first letter, as the `initial` filter of the server's templates gives it
 */
export function initialOf(name) {
  const [letter = ""] = name;
  return letter.toUpperCase();
}

/**
 * Fills the initial beside a name.
 * @param {Element} element
 * @param {{id: string, name: string}} person
 */
export function drawInitial(element, { id, name }) {
  setText(element, initialOf(name));
  if (element instanceof HTMLElement) element.dataset.hue = String(hueOf(id));
}

/**
 * @param {{id: string, name: string}} person
 * @returns {HTMLElement} a new initial; decoration, for a name stands beside it
 */
export function newInitial(person) {
  const initial = make("span", { className: "comment-initial" });
  initial.setAttribute("aria-hidden", "true");
  drawInitial(initial, person);
  return initial;
}

/**
 * Fills what stands around the name in a comment's head.
 * @param {ParentNode} article
 * @param {{id: string, name: string}} person
 * @param {string | null} self id of the reader
 */
export function drawPerson(article, person, self) {
  drawInitial(part(article, ".comment-initial"), person);
  part(article, ".comment-you").hidden = person.id !== self;
}
