/** Who is here and who is typing, in words. Pure text. */

import { plural } from "../plural.js";

/** @import { Presence, Typing } from "../client/wire.js" */

/**
 * A name in a sentence: one that is written from right to left must not turn the words around it.
 * @param {string} name
 */
const isolated = (name) => (/^[ -~]*$/.test(name) ? name : `\u2068${name}\u2069`);

/**
 * @param {number} count people on the page, the reader included
 * @returns {string} "5 reading", or nothing when nobody is known to be here
 */
export function peopleText(count) {
  return count > 0 ? `${count.toLocaleString("en")} reading` : "";
}

/**
 * @param {Omit<Presence, "type">} presence
 * @returns {string[]} a line for those with a name who are not among the members, and one for those without a name
 */
export function peopleRest({ count, anonymous, members }) {
  const lines = [];
  const more = count - anonymous - members.length;
  if (more > 0) lines.push(`${plural(more, "other")} with a name`);
  if (anonymous > 0) lines.push(plural(anonymous, "reader without a name", "readers without a name"));
  return lines;
}

/**
 * @param {Omit<Typing, "type">} typing as the server sends it, the reader included
 * @param {string | null} self id of the reader
 * @returns {string} "Anna and Ben are typing…", or nothing
 */
export function typingText({ users, count }, self) {
  const names = users.filter(({ id }) => id !== self).map(({ name }) => isolated(name));
  const total = Math.max(names.length, count - (users.length - names.length));
  if (names.length === 0) return "";
  if (total === 1) return `${names[0]} is typing…`;
  if (total === 2 && names.length === 2) return `${names[0]} and ${names[1]} are typing…`;
  const shown = names.slice(0, 2);
  return `${shown.join(", ")} and ${plural(total - shown.length, "other")} are typing…`;
}
