/** Changes the list while the line that is being read, and the focus, stay where they are. */

import { part } from "./dom.js";

export class Anchor {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.list = part(section, ".comment-list");
    // The browser's own scroll anchoring, where there is some, would do it twice.
    section.classList.add("is-live");
  }

  /**
   * @param {() => void} change
   * @param {Element | null} [element] what the reader looks at, where that is known
   */
  keep(change, element = null) {
    const focused = document.activeElement;
    const anchors = element ? [element] : this.#anchors();
    const tops = anchors.map(topOf);
    change();
    this.#keepFocus(focused);
    const held = anchors.findIndex((one) => one.isConnected && !one.closest(".is-leaving"));
    if (held < 0) return;
    const moved = topOf(anchors[held]) - tops[held];
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  }

  /** @returns {boolean} whether the reader is in the older half of the list */
  isInOldHalf() {
    const { top, bottom } = this.list.getBoundingClientRect();
    return innerHeight / 2 > (top + bottom) / 2;
  }

  /** @param {HTMLElement} article */
  goTo(article) {
    article.scrollIntoView({ block: "center", behavior: reducedMotion() ? "instant" : "smooth" });
    article.focus({ preventScroll: true });
  }

  /**
   * An element that was moved within the document has lost the focus, and a phone's keyboard with it.
   * @param {Element | null} focused
   */
  #keepFocus(focused) {
    if (document.activeElement !== document.body || !this.section.contains(focused)) return;
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }

  /** @returns {Element[]} elements that may be the anchor, best first; none, if the list may move */
  #anchors() {
    const focused = document.activeElement;
    const best = focused && this.list.contains(focused) && isInSight(focused) ? [focused] : [];
    // The list's beginning is in sight: what arrives there is seen arriving.
    if (this.list.getBoundingClientRect().top >= 0) return best;
    const articles = [...this.list.querySelectorAll(".comment-item:not(.is-leaving) > .comment")];
    const first = articles.findIndex((article) => topOf(article) >= 0);
    return [...best, ...(first < 0 ? articles.slice(-1) : articles.slice(first, first + 5))];
  }
}

const topOf = (/** @type {Element} */ element) => element.getBoundingClientRect().top;

/** @param {Element} element */
export function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
