/** Where the form stands: at home on top of the list, or beneath the comment that it answers. */

import { part } from "../page/dom.js";

/** @import { Comment } from "../thread/types.js" */

export class Reply {
  /**
   * @param {HTMLElement} section
   * @param {HTMLFormElement} form
   * @param {object} options
   * @param {(move: () => void, element: Element | null) => void} options.keepAnchor
   * @param {() => void} options.onMove
   * @param {() => void} options.onBack the reader wants to write a comment that answers none
   */
  constructor(section, form, { keepAnchor, onMove, onBack }) {
    this.section = section;
    this.form = form;
    this.keepAnchor = keepAnchor;
    this.onMove = onMove;
    this.home = part(section, ".composer-place");
    this.field = part(form, "[name=parent]", HTMLInputElement);
    this.to = part(form, ".composer-to");
    this.back = document.createElement("button");
    Object.assign(this.back, { type: "button", className: "composer-back", textContent: "Write a comment" });
    this.back.addEventListener("click", () => {
      this.goHome();
      onBack();
    });
    // A browser that restores the form restores this too, but not where the form stood.
    if (this.to.hidden) this.#setParent(null);
  }

  /** @returns {string | null} id of the comment that is answered */
  get parent() {
    return this.field.value || null;
  }

  get isHome() {
    return this.form.parentElement === this.home;
  }

  /**
   * Moves the form beneath a comment.
   * @param {Comment} comment
   * @param {HTMLElement} article
   */
  answer(comment, article) {
    this.keepAnchor(() => {
      this.home.append(this.back);
      article.after(this.form);
      this.#setParent(comment);
    }, article);
    this.onMove();
  }

  /** Puts the form back on top of the list, with its text, and the focus to where it came from. */
  cancel() {
    const article = this.#article();
    this.goHome();
    /** @type {HTMLElement | null | undefined} */ (article?.querySelector(".comment-reply"))?.focus({ preventScroll: true });
  }

  /** Puts the form back on top of the list, with its text. */
  goHome() {
    this.keepAnchor(() => {
      this.back.remove();
      this.home.append(this.form);
      this.#setParent(null);
    }, this.#article());
    this.onMove();
  }

  #article() {
    return this.parent === null ? null : this.section.querySelector(`#comment-${CSS.escape(this.parent)}`);
  }

  /** @param {Comment | null} comment */
  #setParent(comment) {
    this.field.value = comment?.id ?? "";
    this.to.hidden = !comment;
    if (comment) part(this.to, "b").textContent = comment.user;
  }
}
