import { setState } from "../dom.js";

/**
 * @typedef {{say: (about: string, text: string) => void}} Announcer says to those who hear the page what is new about
 *   something; no text takes it back
 */

/** Of a sentence that counts down, what stays: the rest is to be seen, and not to be heard every second. */
const wordsOf = (/** @type {string | null} */ text) => text?.replace(/\d+/g, "");

/**
 * Says beneath a field what is wrong with it.
 * @param {HTMLElement} line
 * @param {HTMLElement} field
 * @param {string} problem a sentence; none takes the last one away
 * @param {Announcer} announcer
 */
export function showProblem(line, field, problem, announcer) {
  if (wordsOf(line.textContent) !== wordsOf(problem)) announcer.say(field.id, problem);
  line.textContent = problem;
  line.hidden = !problem;
  setState(field, "aria-invalid", Boolean(problem));
}
