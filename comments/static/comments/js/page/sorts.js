/** The order of the list, as the reader wants it. */

import { part, setState } from "../dom.js";

/**
 * @import { Loader } from "./loader.js"
 */

const COOKIE = "comments_sort"; // of comments/sorts.py
const YEAR = 31_536_000; // s

export class Sorts {
  /**
   * @param {HTMLElement} section
   * @param {Loader} loader
   */
  constructor(section, loader) {
    this.place = part(section, ".comments-sorts");
    this.loader = loader;
  }

  /**
   * @param {Element} target that was pressed
   * @returns {boolean} whether it is one of these
   */
  pressed(target) {
    const link = target.closest(".comments-sorts [data-sort]");
    if (!(link instanceof HTMLElement) || !this.place.contains(link)) return false;
    this.#choose(link.dataset.sort ?? "");
    return true;
  }

  /** @param {string} sort */
  async #choose(sort) {
    setState(this.place, "aria-busy", true);
    const isHere = await this.loader.replace({ sort });
    setState(this.place, "aria-busy", false);
    if (!isHere) return;
    document.cookie = `${COOKIE}=${sort}; path=/; max-age=${YEAR}; samesite=lax`;
    this.show(sort);
  }

  /** @param {string} sort */
  show(sort) {
    for (const link of this.place.querySelectorAll("[data-sort]")) {
      setState(link, "aria-current", link.getAttribute("data-sort") === sort);
    }
  }
}
