/**
 * The menu of a comment: one for the whole section, which is laid over the list where it was asked for. It stands
 * outside of the comment, which cuts off what reaches beyond it.
 *
 * It is the pattern "menu button" of the WAI-ARIA practices: arrow keys, Home and End move, Escape and Tab leave.
 */

import { focusOn, make, presentOf } from "../dom.js";

/**
 * @typedef {{name: string, run: (article: HTMLElement) => void}} MenuItem
 */

export class Menu {
  #menu = make("div", { className: "comment-menu" });
  /** @type {HTMLElement | null} */
  #button = null;
  /** @type {HTMLElement | null} whose menu it is */
  #article = null;
  /** @type {MenuItem[]} */
  #offered = [];
  #place;
  #items;
  #otherwise;

  /**
   * @param {HTMLElement} place that holds the list
   * @param {(article: HTMLElement) => MenuItem[]} items what a comment's menu offers
   * @param {() => HTMLElement | null} otherwise where the focus goes if the comment is gone
   */
  constructor(place, items, otherwise) {
    this.#place = place;
    this.#items = items;
    this.#otherwise = otherwise;
    this.#menu.addEventListener("click", ({ target }) => this.#choose(/** @type {Element} */ (target)));
    this.#menu.setAttribute("role", "menu");
    this.#menu.addEventListener("keydown", (event) => this.#keyed(event));
    this.#menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.#menu.contains(relatedTarget)) this.close();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      const isOutside = target instanceof Node && !this.#menu.contains(target) && !this.#button?.contains(target);
      if (isOutside) this.close();
    });
  }

  /** @param {HTMLElement} article */
  adorn(article) {
    const button = article.querySelector(".comment-menu-button");
    if (button instanceof HTMLElement) button.hidden = false;
    for (const link of article.querySelectorAll(".comment-own")) link.remove();
  }

  /**
   * @param {Element} target
   * @param {HTMLElement} article
   * @returns {boolean} whether that was meant
   */
  pressed(target, article) {
    /** @type {HTMLElement | null} */
    const button = target.closest(".comment-menu-button");
    if (button && button === this.#button) this.close({ back: true });
    else if (button) this.#open(button, article);
    else return false;
    return true;
  }

  /** @param {{back?: boolean}} [options] `back`: whether the focus goes back to the button */
  close({ back = false } = {}) {
    const button = this.#button;
    if (!button) return;
    this.#button = null;
    button.setAttribute("aria-expanded", "false");
    this.#menu.remove();
    if (back) this.#back(button);
  }

  /** @param {HTMLElement} button which is another one where its comment was drawn anew */
  #back(button) {
    const present = this.#article && presentOf(this.#article)?.querySelector(".comment-menu-button");
    focusOn(present ?? (button.isConnected ? button : this.#otherwise()));
  }

  /**
   * @param {HTMLElement} button
   * @param {HTMLElement} article
   */
  #open(button, article) {
    this.close();
    this.#button = button;
    this.#article = article;
    this.#offered = this.#items(article);
    const items = this.#offered.map(({ name }, index) => newItem(name, index));
    this.#menu.replaceChildren(...items);
    this.#menu.setAttribute("aria-label", button.getAttribute("aria-label") ?? "");
    button.setAttribute("aria-expanded", "true");
    this.#place.append(this.#menu);
    this.#layOver(button);
    focusOn(items[0]);
    this.#menu.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** @param {HTMLElement} button */
  #layOver(button) {
    const [at, around] = [button.getBoundingClientRect(), this.#place.getBoundingClientRect()];
    this.#menu.style.top = `${at.bottom - around.top}px`;
  }

  /** @param {Element} target */
  #choose(target) {
    /** @type {HTMLElement | null} */
    const item = target.closest("[role=menuitem]");
    const chosen = this.#offered[Number(item?.dataset.index)];
    const article = this.#article && presentOf(this.#article);
    if (!item) return;
    this.close({ back: true });
    if (article) chosen?.run(article);
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const items = /** @type {HTMLElement[]} */ ([...this.#menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const { length } = items;
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: (at + 1) % length, ArrowUp: (at - 1 + length) % length, Home: 0, End: length - 1 };
    if (event.key in moves) items[moves[event.key]].focus();
    else if (event.key === "Escape") this.close({ back: true });
    else if (event.key === "Tab") return this.close({ back: true });
    else return undefined;
    event.stopPropagation();
    return event.preventDefault();
  }
}

/**
 * @param {string} name
 * @param {number} index
 */
function newItem(name, index) {
  const item = make("button", { type: "button", tabIndex: -1 }, name);
  item.setAttribute("role", "menuitem");
  item.dataset.index = String(index);
  return item;
}
