import { setState } from "../dom.js";

/**
 * Says beneath a field what is wrong with it.
 * @param {HTMLElement} line
 * @param {HTMLElement} field
 * @param {string} problem a sentence; none takes the last one away
 */
export function showProblem(line, field, problem) {
  line.textContent = problem;
  line.hidden = !problem;
  setState(field, "aria-invalid", Boolean(problem));
}
