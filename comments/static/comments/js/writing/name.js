/** Whom the form writes as, and the field for a guest's name. */

import { part } from "../page/dom.js";
import { showProblem } from "./problems.js";

/** @import { User } from "../client/wire.js" */

export class Name {
  /** @type {User | null} */
  #user = null;
  /** @type {"unknown" | "asked" | "known"} unknown: whoever reads has to log in before they can write */
  #state = "unknown";

  /**
   * @param {HTMLFormElement} form
   * @param {object} options
   * @param {boolean} options.takesGuests
   * @param {(name: string) => Promise<void>} options.onName rejects with an Error that says why not
   */
  constructor(form, { takesGuests, onName }) {
    this.takesGuests = takesGuests;
    this.onName = onName;
    this.field = part(form, ".composer-name");
    this.input = part(form, "#comment-name", HTMLInputElement);
    this.error = part(form, "#comment-name-error");
    this.as = part(form, ".composer-as");
    this.rename = part(form, ".composer-rename");
    this.rename.addEventListener("click", () => this.#askAgain());
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
    if (user) part(this.as, "b").textContent = user.name;
    this.rename.hidden = user?.role !== "guest";
    if (user) this.#show("known");
    else this.#show(this.takesGuests ? "asked" : "unknown");
  }

  /** @returns {Promise<boolean>} whether the name was taken; where not, the form says why */
  async give() {
    try {
      await this.onName(this.input.value);
      showProblem(this.error, this.input, "");
      return true;
    } catch (error) {
      showProblem(this.error, this.input, error instanceof Error ? error.message : String(error));
      this.input.focus();
      return false;
    }
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
    this.field.hidden = this.input.disabled = state !== "asked";
    this.as.hidden = state !== "known";
  }
}
