/** Own comments that stand out of sight when they were posted: one line leads to them. */

import { isInSight } from "./anchor.js";
import { part, passFocus } from "../dom.js";

/**
 * @import { Store } from "../thread/store.js"
 * @import { Entry } from "../thread/types.js"
 * @import { View } from "./view.js"
 */

export class Posted {
  /** @type {Set<string>} refs of what was looked at already */
  #known = new Set();
  /** @type {string | null} ref of the one that the line leads to */
  #ref = null;

  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Store} parts.store
   * @param {View} parts.view
   */
  constructor(section, { store, view }) {
    this.line = part(section, ".comments-posted");
    this.store = store;
    this.view = view;
    part(this.line, "button").addEventListener("click", () => this.#goThere());
    addEventListener("scroll", () => this.#ref !== null && this.#look(), { passive: true });
  }

  /** @param {Entry[]} entries that were written before the page was loaded */
  seen(entries) {
    for (const { ref } of entries) this.#known.add(ref);
  }

  /** @param {Entry[]} entries own comments on their way, which were drawn */
  drawn(entries) {
    const written = entries.find(({ ref }) => !this.#known.has(ref));
    this.seen(entries);
    if (written) this.#ref = written.ref;
    if (this.#ref !== null) this.#look();
  }

  /** Shows the line for as long as the comment is out of sight. */
  #look() {
    const article = this.#article();
    if (article && isInSight(article)) this.#ref = null;
    const isOver = this.#ref === null || !article;
    if (isOver) passFocus(this.line, article ?? this.view.anchor.looked());
    this.line.hidden = isOver;
  }

  #article() {
    const ref = this.#ref ?? "";
    const comment = [...this.store.comments.values()].find((one) => one.ref === ref);
    return this.view.findEntry(ref) ?? (comment ? this.view.find(comment.id) : null);
  }

  #goThere() {
    const article = this.#article();
    this.#ref = null;
    this.line.hidden = true;
    if (article) this.view.anchor.goTo(article);
  }
}
