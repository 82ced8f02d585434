/** Which comments are new to the reader, and the button that leads to them. */

import { compareAge } from "../thread/tree.js";
import { part, setText } from "./dom.js";

/**
 * @import { User } from "../client/wire.js"
 * @import { Comment } from "../thread/types.js"
 */

export class News {
  /** @type {Set<Element>} articles in the list that came since the page was opened, and were never in sight */
  #unseen = new Set();
  /** How many new comments are not in the list at all. */
  #missed = 0;
  /** @type {{id: string} | null} the newest comment that the page has shown; null before it has shown any */
  #newest = null;

  /** @param {HTMLElement} section */
  constructor(section) {
    this.list = part(section, ".comment-list");
    this.button = part(section, ".comments-new");
    this.watcher = new IntersectionObserver((sights) => this.#sighted(sights));
  }

  /**
   * Whether it came after everything the page has shown, and from somebody else.
   * @param {Comment} comment
   * @param {User | null} self
   */
  has(comment, self) {
    const isOwn = Boolean(comment.ref) || comment.user_id === self?.id;
    return !isOwn && this.#newest !== null && compareAge(comment, this.#newest) > 0;
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

  /** @param {Comment[]} comments that the page shows now */
  shown(comments) {
    for (const comment of comments) {
      if (!this.#newest || compareAge(comment, this.#newest) > 0) this.#newest = comment;
    }
    this.#newest ??= { id: "" };
  }

  /** What is shown next was there before. */
  reset() {
    this.#newest = null;
  }

  /** @param {Element} article */
  forget(article) {
    this.watcher.unobserve(article);
    this.#unseen.delete(article);
  }

  /** @param {number} [missed] new comments that are not in the list at all */
  show(missed = this.#missed) {
    this.#missed = missed;
    const count = this.#unseen.size + missed;
    this.button.hidden = count === 0;
    if (count > 0) setText(this.button, count === 1 ? "1 new comment" : `${count} new comments`);
  }

  /** @returns {HTMLElement | undefined} the first one, from the top, that was not seen yet */
  first() {
    /** @type {NodeListOf<HTMLElement>} */
    const articles = this.list.querySelectorAll(".is-new:not(.is-seen)");
    return [...articles].find((article) => this.#unseen.has(article));
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
