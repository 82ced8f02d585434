/** Changes the list while the line that is being read, and the focus, stay where they are. */

import { lastOf } from "../thread/ends.js";
import { focusOn, part, presentOf } from "../dom.js";

const NEIGHBOURS = 4; // comments on each side that stand in for a line that is gone
/** What sticks to the window, or lies over the list: it says nothing of the line that is being read. */
const LAID_OVER = ".comments-bar, .comments-news, .comments-revised, .comments-posted, .comment-menu";

export class Anchor {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.list = part(section, ".comment-list");
    this.body = this.list.closest(".comments-body") ?? this.list;
    // The browser's own scroll anchoring, where there is some, would do it twice.
    section.classList.add("is-live");
  }

  /**
   * @param {() => void} change
   * @param {Element | null} [element] what the reader looks at, where that is known
   */
  keep(change, element = null) {
    const focused = document.activeElement;
    const isOurs = this.section.contains(focused);
    const near = this.#near(focused);
    const anchors = element ? [element] : this.#anchors();
    const tops = anchors.map(topOf);
    change();
    if (isOurs) this.#keepFocus(focused, near);
    const held = anchors.findIndex(isShown);
    if (held < 0) return;
    const moved = topOf(anchors[held]) - tops[held];
    if (Math.abs(moved) >= 0.5) scrollBy({ top: moved, behavior: "instant" });
  }

  /** @returns {number} px from the window's top to the line that must not move: the focused one, or the middle */
  get line() {
    const focused = this.#focused();
    return focused ? topOf(focused) : innerHeight / 2;
  }

  /** @returns {HTMLElement | null} the comment with that line, or the one at the list's end that is nearest to it */
  looked() {
    const articles = this.#articles();
    const { line } = this;
    return articles.find((article) => article.getBoundingClientRect().bottom >= line) ?? lastOf(articles) ?? null;
  }

  /** @returns {boolean} whether that line is in the list */
  isInList() {
    const { top, bottom } = this.list.getBoundingClientRect();
    return top <= this.line && bottom >= this.line;
  }

  /** @param {HTMLElement} article */
  goTo(article) {
    article.scrollIntoView({ block: "center", behavior: reducedMotion() ? "instant" : "smooth" });
    focusOn(article);
  }

  /**
   * An element that was moved within the document has lost the focus, and a phone's keyboard with it. Where it is gone, or
   * hidden, the focus goes to its comment, or to one beside it.
   * @param {Element | null} focused
   * @param {HTMLElement[]} near
   */
  #keepFocus(focused, near) {
    const { activeElement } = document;
    if (!focused || (activeElement !== focused && activeElement !== document.body)) return;
    if (isShown(focused)) focusOn(focused);
    else focusOn(near.map(presentOf).find((article) => article && isShown(article)));
  }

  /**
   * @param {Element | null} focused
   * @returns {HTMLElement[]} the comments that get the focus where the focused element of the list is gone, best first
   */
  #near(focused) {
    if (!focused || !this.body.contains(focused)) return [];
    const own = focused.closest(".comment-item, .comment-deleted")?.querySelector(":scope > .comment");
    const articles = this.#articles();
    const after = articles.findIndex((one) => focused.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    const at = after < 0 ? articles.length : after;
    const around = [...articles.slice(at), ...articles.slice(0, at).reverse()];
    return own instanceof HTMLElement ? [own, ...around] : around;
  }

  /** @returns {Element[]} elements that may be the anchor, best first */
  #anchors() {
    const focused = this.#focused();
    // All that changes is below the line: nothing is measured after it, and the frame has one layout and not two.
    if (!focused && topOf(this.section) >= innerHeight / 2) return [];
    const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    const best = [focused, middle].filter((element) => element !== null);
    const articles = this.#articles();
    const looked = this.looked();
    const at = looked ? articles.indexOf(looked) : -1;
    if (at < 0) return best;
    const before = articles.slice(Math.max(0, at - NEIGHBOURS), at).reverse();
    return [...best.filter((element) => isLine(element)), ...articles.slice(at, at + NEIGHBOURS), ...before];
  }

  /** @returns {Element | null} what has the focus, where that is in sight */
  #focused() {
    const focused = document.activeElement;
    if (!focused || focused.closest(LAID_OVER)) return null;
    return this.section.contains(focused) && isInSight(focused) ? focused : null;
  }

  #articles() {
    return [...this.list.querySelectorAll(".comment-item:not(.is-leaving) > .comment")].filter(
      (article) => article instanceof HTMLElement,
    );
  }
}

/**
 * Lists, and the page around them, begin far from the middle of the window: their top says nothing of the line there.
 * @param {Element} element
 */
const isLine = (element) => element.querySelector(".comment") === null;

/** @param {Element} element */
const isShown = (element) => element.getClientRects().length > 0 && !element.closest(".is-leaving:not(.comment-deleted)");

const topOf = (/** @type {Element} */ element) => element.getBoundingClientRect().top;

/** @param {Element} element */
export function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
