/** Where the form stands: at home on top of the list, or beneath the comment that it answers. */

import { focusOn, make, part } from "../dom.js";

/**
 * @typedef {object} Answered a comment that is being answered
 * @property {string} id
 * @property {string} user name of its author
 * @property {number} [version] which it had when the answer was begun; none is known of what the server rendered so
 */

export class Reply {
  /** @type {Answered | null} */
  #answered = null;

  /**
   * @param {HTMLElement} section
   * @param {HTMLFormElement} form
   * @param {object} options
   * @param {(move: () => void, element: Element | null) => void} options.keepAnchor
   * @param {() => void} options.onMove the form is in another place, where another text belongs
   * @param {() => void} options.onBack the reader wants to write a comment that answers none
   */
  constructor(section, form, { keepAnchor, onMove, onBack }) {
    this.section = section;
    this.form = form;
    this.keepAnchor = keepAnchor;
    this.onMove = onMove;
    this.onBack = onBack;
    this.home = part(section, ".composer-place");
    this.field = part(form, "[name=parent]", HTMLInputElement);
    this.to = part(form, ".composer-to");
    this.back = make("button", { type: "button", className: "composer-back" }, "Write a comment");
    this.back.addEventListener("click", () => {
      this.goHome();
      this.onBack();
    });
    // A browser that restores the form restores this too, but not where the form stood.
    if (this.to.hidden) this.#setAnswered(null);
    else if (this.field.value) this.#answered = { id: this.field.value, user: this.#name.textContent ?? "" };
  }

  /** @returns {Answered | null} */
  get answered() {
    return this.#answered;
  }

  /** @returns {string | null} id of the comment that is answered */
  get parent() {
    return this.#answered?.id ?? null;
  }

  get isHome() {
    return this.form.parentElement === this.home;
  }

  /**
   * Moves the form beneath a comment, where that is in the document; else the form answers it from home.
   * @param {Answered} answered
   * @param {HTMLElement | null} article
   */
  answer(answered, article) {
    const move = () => {
      this.#setAnswered(answered);
      if (article) {
        this.home.append(this.back);
        article.after(this.form);
      } else {
        this.#moveHome();
      }
    };
    this.keepAnchor(move, article);
    this.onMove();
  }

  /** Puts the form back on top of the list, and the focus to where it came from. */
  cancel() {
    const article = this.#article();
    this.goHome();
    const link = article?.querySelector(".comment-reply");
    if (link) focusOn(link);
    else this.onBack();
  }

  /** Puts the form back on top of the list, to answer nothing. */
  goHome() {
    const move = () => {
      this.#moveHome();
      this.#setAnswered(null);
    };
    this.keepAnchor(move, this.#article());
    this.onMove();
  }

  /** What is answered is not in the document any more: the form goes on answering it from home. */
  leave() {
    this.keepAnchor(() => this.#moveHome(), null);
  }

  #moveHome() {
    this.back.remove();
    if (!this.isHome) this.home.append(this.form);
  }

  #article() {
    return this.parent === null ? null : this.section.querySelector(`#comment-${CSS.escape(this.parent)}`);
  }

  get #name() {
    return part(this.to, "b");
  }

  /** @param {Answered | null} answered */
  #setAnswered(answered) {
    this.#answered = answered;
    this.field.value = answered?.id ?? "";
    this.to.hidden = !answered;
    if (answered) this.#name.textContent = answered.user;
  }
}
