/** Whom the form writes as, and the field for a guest's name. */

import { focusOn, part } from "../dom.js";
import { patiently } from "./patience.js";
import { showProblem } from "./problems.js";

/**
 * @import { User } from "../client/wire.js"
 * @import { Announcer } from "./problems.js"
 */

export class Name {
  /** @type {User | null} */
  #user = null;
  /** @type {"unknown" | "asked" | "known"} unknown: whoever reads has to log in before they can write */
  #state = "unknown";
  /** Ends the wait for another attempt: the name is changed, or somebody is known now. */
  #wait = new AbortController();

  /**
   * @param {HTMLFormElement} form
   * @param {object} options
   * @param {boolean} options.takesGuests
   * @param {(name: string) => Promise<void>} options.onName rejects with an Error that says why not
   * @param {Announcer} options.announcer
   */
  constructor(form, { takesGuests, onName, announcer }) {
    this.takesGuests = takesGuests;
    this.onName = onName;
    this.announcer = announcer;
    this.field = part(form, ".composer-name");
    this.form = form;
    this.text = part(form, "#comment-content");
    this.input = part(form, "#comment-name", HTMLInputElement);
    this.error = part(form, "#comment-name-error");
    this.as = part(form, ".composer-as");
    this.rename = part(form, ".composer-rename");
    this.or = part(form, ".composer-or");
    this.loginButton = part(form, ".composer-login");
    this.rename.addEventListener("click", () => this.#askAgain());
    this.input.addEventListener("input", () => this.#wait.abort());
  }

  /** Whether a name has to be given before anything is sent. */
  get isAsked() {
    return this.#state === "asked";
  }

  get mayWrite() {
    return this.#state !== "unknown";
  }

  /** @param {User | null} user who writes */
  setUser(user) {
    this.#user = user;
    this.#wait.abort();
    if (user) part(this.as, "b").textContent = user.name;
    this.rename.hidden = user?.role !== "guest";
    this.or.hidden = user !== null && user.role !== "guest";
    if (user) this.#show("known");
    else this.#show(this.takesGuests ? "asked" : "unknown");
  }

  /** The account was switched off: nobody writes here, not under another name either. */
  ban() {
    this.takesGuests = false;
    this.setUser(null);
  }

  /** @returns {Promise<boolean>} whether the name was taken; where not, the form says why */
  async give() {
    this.#wait = new AbortController();
    const { signal } = this.#wait;
    try {
      await patiently(() => this.onName(this.input.value), (sentence) => this.#say(sentence), signal);
      this.#say("");
      // Where it was given up, somebody may be known meanwhile.
      return !signal.aborted || !this.isAsked;
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
      this.input.focus();
      return false;
    }
  }

  /** @param {string} problem */
  #say(problem) {
    showProblem(this.error, this.input, problem, this.announcer);
  }

  #askAgain() {
    this.#show("asked");
    this.input.value ||= this.#user?.name ?? "";
    this.input.focus();
    this.input.select();
  }

  /** @param {"unknown" | "asked" | "known"} state */
  #show(state) {
    this.#state = state;
    const focused = document.activeElement;
    this.field.hidden = this.input.disabled = state !== "asked";
    this.as.hidden = state !== "known";
    if (state !== "asked") this.#say("");
    // Whoever gave a name goes on at the text.
    if (this.form.contains(focused) && focused?.getClientRects().length === 0) focusOn(this.text);
  }
}
