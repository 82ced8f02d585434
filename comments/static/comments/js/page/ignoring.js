/** People whom the reader ignores: their comments collapse to a line, in every tab of this browser. */

import { make } from "../dom.js";
import { keep, readKept } from "../storage.js";

/** @import { StoredComment } from "../thread/types.js" */

const KEY = "comments-ignored";

export class Ignoring {
  /** @type {Set<string>} ids of people */
  #people;
  /** @type {Set<string>} comments of theirs that the reader looks at all the same */
  #shown = new Set();

  /**
   * @param {Storage | null} storage
   * @param {() => void} onChange
   */
  constructor(storage, onChange) {
    this.storage = storage;
    this.onChange = onChange;
    this.#people = this.#read();
    addEventListener("storage", ({ key }) => {
      if (key !== KEY) return;
      this.#people = this.#read();
      onChange();
    });
  }

  /** @param {string} person */
  has(person) {
    return this.#people.has(person);
  }

  /** @param {string} person */
  toggle(person) {
    this.#people = this.#read();
    if (!this.#people.delete(person)) this.#people.add(person);
    this.#shown.clear();
    keep(this.storage, KEY, [...this.#people]);
    this.onChange();
  }

  /**
   * @param {HTMLElement} article
   * @param {StoredComment} comment
   */
  adorn(article, { id, user, user_id }) {
    const isIgnored = this.has(user_id) && !this.#shown.has(id);
    const line = article.querySelector(".comment-ignored");
    article.classList.toggle("is-ignored", isIgnored);
    if (isIgnored && !line) article.append(newLine(user));
    else if (!isIgnored) line?.remove();
  }

  /**
   * @param {Element} target
   * @param {HTMLElement} article
   * @returns {boolean} whether that was meant
   */
  pressed(target, article) {
    if (!target.closest(".comment-ignored button")) return false;
    this.#shown.add(article.dataset.id ?? "");
    this.onChange();
    /** @type {HTMLElement} */ (article).focus({ preventScroll: true });
    return true;
  }

  #read() {
    const people = readKept(this.storage, KEY);
    return new Set(Array.isArray(people) ? people.map(String) : []);
  }
}

/** @param {string} name */
function newLine(name) {
  const show = make("button", { type: "button" }, "Show");
  return make("p", { className: "comment-ignored" }, "You ignore ", make("bdi", {}, name), ". ", show);
}
