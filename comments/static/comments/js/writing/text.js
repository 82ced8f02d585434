/** What the server makes of a text before it looks at it (comments/text.py), so that both say the same. Pure. */

/** Anything that a reader would see: not a space, a control, or a mark without a letter. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{M}\u115f\u1160\u3164\uffa0\u2800]/u;
/** Halves of characters, and NUL: the server takes no text that has them, and nobody sees them. */
const UNSENDABLE = /[\p{Cs}\0]/gu;
const LINE_ENDS = /\r\n?|[\v\f\x85\u2028\u2029]/g;
/** Blank lines before a text, and a single space, which is no indent. */
const BEFORE_TEXT = /^(?:[^\S\n]*\n)*(?: (?=\S))?/;

/** @param {string} text */
export function isBlank(text) {
  return !VISIBLE.test(text);
}

/**
 * @param {string} text
 * @returns {string} without the blank lines around it; the indent of its first line stays, which may be code
 */
export function tidy(text) {
  return text.replace(UNSENDABLE, "").replace(LINE_ENDS, "\n").replace(BEFORE_TEXT, "").trimEnd();
}
