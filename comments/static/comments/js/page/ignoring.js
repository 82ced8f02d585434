/** People whom the reader ignores: their comments collapse to a line, in every tab of this browser. */

import { make } from "../dom.js";
import { keep, readKept } from "../storage.js";

/**
 * @import { User } from "../client/wire.js"
 * @import { StoredComment } from "../thread/types.js"
 */

const KEY = "comments-ignored";

export class Ignoring {
  /** @type {Set<string>} ids of people */
  #people = new Set();
  key = KEY;
  /** @type {Set<string>} comments of theirs that the reader looks at all the same */
  #shown = new Set();

  /**
   * @param {Storage | null} storage
   * @param {User | null} user who reads
   * @param {() => void} onChange
   */
  constructor(storage, user, onChange) {
    this.storage = storage;
    this.onChange = onChange;
    this.setUser(user);
    addEventListener("storage", ({ key }) => {
      if (key !== this.key) return;
      this.#people = this.#read();
      onChange();
    });
  }

  /** @param {User | null} user each member has a list of their own, and all who have no account have one */
  setUser(user) {
    this.key = user && user.role !== "guest" ? `${KEY}:${user.id}` : KEY;
    this.#people = this.#read();
    this.#shown.clear();
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
    keep(this.storage, this.key, [...this.#people]);
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
    return true;
  }

  #read() {
    const people = readKept(this.storage, this.key);
    return new Set(Array.isArray(people) ? people.map(String) : []);
  }
}

/** @param {string} name */
function newLine(name) {
  const show = make("button", { type: "button" }, "Show");
  return make("p", { className: "comment-ignored" }, "You ignore ", make("bdi", {}, name), ". ", show);
}
