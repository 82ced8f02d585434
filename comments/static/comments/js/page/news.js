/** Which comments the reader has not seen yet, and the button that leads to them. */

import { part, passFocus, setText } from "../dom.js";
import { plural } from "../plural.js";

export class News {
  /** @type {Set<Element>} articles in the list that came since the page was opened, and were never in sight */
  #unseen = new Set();
  /** How many new comments are not in the list. */
  #missed = 0;
  #said = 0;
  /** @type {(text: string) => void} told in words how many they are, when there are more than before */
  onMore = () => {};

  /**
   * @param {HTMLElement} section
   * @param {() => HTMLElement | null} looked the comment that the reader looks at
   */
  constructor(section, looked) {
    this.looked = looked;
    this.list = part(section, ".comment-list");
    this.button = part(section, ".comments-new");
    this.watcher = new IntersectionObserver((sights) => this.#sighted(sights));
  }

  /** @param {HTMLElement} article */
  announce(article) {
    article.classList.add("is-new");
    this.watcher.observe(article);
  }

  /**
   * An article is drawn anew: what was not seen of it is still not seen. What is gone is no news.
   * @param {HTMLElement} old
   * @param {HTMLElement} article
   */
  redrawn(old, article) {
    const isUnseen = this.#unseen.has(old);
    const isNew = old.matches(".is-new:not(.is-seen)") && article.dataset.status === "visible";
    this.forget(old);
    if (!isNew) return;
    if (isUnseen) this.#unseen.add(article);
    this.announce(article);
  }

  /** @param {Element} article */
  forget(article) {
    this.watcher.unobserve(article);
    this.#unseen.delete(article);
  }

  /** @param {number} [missed] new comments that are not in the list */
  show(missed = this.#missed) {
    this.#missed = missed;
    const count = this.#unseen.size + missed;
    if (count === 0) passFocus(this.button, this.looked());
    this.button.hidden = count === 0;
    const text = plural(count, "new comment");
    if (count > 0) setText(this.button, text);
    if (count > this.#said) this.onMore(text);
    this.#said = count;
  }

  /** @returns {HTMLElement | null} the first one, from the top, that was not seen yet */
  first() {
    return this.list.querySelector(".is-new:not(.is-seen)");
  }

  /** @returns {string} what the button says, if there is news */
  get words() {
    return this.button.hidden ? "" : (this.button.textContent ?? "");
  }

  /** @param {IntersectionObserverEntry[]} sights */
  #sighted(sights) {
    for (const { target, isIntersecting } of sights) {
      if (!isIntersecting) {
        this.#unseen.add(target);
        continue;
      }
      this.forget(target);
      target.classList.add("is-seen");
    }
    this.show();
  }
}
