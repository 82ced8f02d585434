/** What was loaded, and where the reader was in it: kept when the page is left, for when the reader comes back. */

import { attempt, forget, readKept } from "../storage.js";
import { keptOf, resume } from "../thread/kept.js";
import { navigationType } from "./reader.js";

/**
 * @import { Kept } from "../thread/kept.js"
 * @import { Store } from "../thread/store.js"
 * @import { View } from "./view.js"
 *
 * @typedef {{thread: string, user: string | null, store: Kept, id: string | null, top: number}} Place
 */

const KEY = "comments:place";
const LARGEST = 2_000_000; // characters; a browser keeps some 5 million for one site

export class PlaceKeeper {
  /**
   * @param {object} options
   * @param {Storage | null} options.storage of the tab
   * @param {string} options.thread
   * @param {() => string | null} options.user id of the reader
   * @param {Store} options.store
   * @param {View} options.view
   */
  constructor({ storage, thread, user, store, view }) {
    this.storage = storage;
    this.key = `${KEY}:${location.pathname}${location.search}`;
    this.thread = thread;
    this.user = user;
    this.store = store;
    this.view = view;
    addEventListener("pagehide", () => this.#keep());
  }

  /**
   * Goes on with what was loaded, if the reader came back to it.
   * @returns {boolean}
   */
  resume() {
    /** @type {Place | null} */
    const place = readKept(this.storage, this.key);
    forget(this.storage, this.key);
    const isReturn = navigationType() === "back_forward"; // by Back or Forward
    if (!place || !isReturn || place.thread !== this.thread || place.user !== this.user()) return false;
    if (!resume(this.store, place.store)) return false;
    this.place = place;
    return true;
  }

  /** Puts the line where it was. */
  goBack() {
    const { id = null, top = 0 } = this.place ?? {};
    const article = id === null ? null : this.view.find(id);
    if (article) scrollBy({ top: article.getBoundingClientRect().top - top, behavior: "instant" });
  }

  #keep() {
    const looked = this.view.anchor.isInList() ? this.view.anchor.looked() : null;
    const id = looked?.dataset.id ?? null;
    const top = looked?.getBoundingClientRect().top ?? 0;
    const textOf = (/** @type {string} */ of) => this.view.find(of)?.querySelector(".comment-text")?.innerHTML ?? "";
    /** @type {Place} */
    const place = { thread: this.thread, user: this.user(), store: keptOf(this.store, textOf), id, top };
    const text = JSON.stringify(place);
    if (text.length <= LARGEST) attempt(() => this.storage?.setItem(this.key, text));
  }
}
