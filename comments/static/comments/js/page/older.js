/** The part of the thread that is not in the list: older comments, and the newest where the list was walked down. */

import { ApiError } from "../client/api.js";
import { compareAge } from "../thread/tree.js";
import { hasFocus, part, setText } from "./dom.js";

/**
 * @import { Api } from "../client/api.js"
 * @import { History } from "../thread/history.js"
 * @import { Store } from "../thread/store.js"
 * @import { View } from "./view.js"
 */

const PAGES_FOR_A_LINK = 6;
const FROM_THE_TOP = 200; // comments a page, where the list is walked from its top
const OLDER = "Older comments";
const FAILED = "Older comments could not be loaded. Try again";

export class Older {
  /** @type {"ready" | "loading" | "failed"} */
  #state = "ready";

  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Api} parts.api
   * @param {Store} parts.store
   * @param {History} parts.history
   * @param {View} parts.view
   * @param {() => void} parts.drawNow
   */
  constructor(section, { api, store, history, view, drawNow }) {
    this.api = api;
    this.store = store;
    this.history = history;
    this.view = view;
    this.drawNow = drawNow;
    this.line = part(section, ".comments-older");
    this.link = part(this.line, "a");
    this.newest = part(section, ".comments-newest");
  }

  /** Shows the ways to what is not in the list. */
  show() {
    this.line.hidden = this.store.older === null;
    this.newest.hidden = !this.store.detached;
  }

  /** Loads a page of older comments. */
  async load() {
    if (this.#state === "loading") return;
    this.#set("loading");
    try {
      await this.#add();
      this.#set("ready");
    } catch (error) {
      this.#set("failed");
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Goes to what is new; where the newest comments are not in the list, fetches them first. */
  async showNew() {
    if (!this.store.detached) {
      this.view.goToNews();
      return;
    }
    if (!(await this.history.reset())) return;
    this.drawNow();
    this.view.goToTop();
  }

  /** Loads older comments until the one that the address names is here, within reason. */
  async followLink() {
    const id = /^#comment-(\d+)$/.exec(location.hash)?.[1];
    if (!id) return;
    for (let page = 0; page < PAGES_FOR_A_LINK && this.#isBeyond(id); page += 1) {
      await this.load();
      this.view.find(id)?.scrollIntoView({ block: "center" });
    }
  }

  /** @param {"ready" | "loading" | "failed"} state */
  #set(state) {
    this.#state = state;
    this.link.setAttribute("aria-busy", String(state === "loading"));
    if (state !== "loading") setText(this.link, state === "failed" ? FAILED : OLDER);
  }

  async #add() {
    let added = 0;
    while (added === 0 && this.store.older) {
      const { cursor } = this.store.older;
      added = this.store.addOlder(await this.api.comments(cursor === null ? { limit: FROM_THE_TOP } : { cursor }));
    }
    if (added < 0) {
      await this.history.reset();
      return;
    }
    this.store.trim("newest");
    const last = this.view.last();
    const isByKeyboard = hasFocus(this.line);
    this.drawNow();
    // Whoever reads by keyboard goes on where the new ones begin.
    if (isByKeyboard && last) this.view.neighbour(last)?.focus({ preventScroll: true });
  }

  /**
   * Whether a comment may exist in the part that is not loaded.
   * @param {string} id
   */
  #isBeyond(id) {
    const { older, floor } = this.store;
    return older !== null && !this.view.find(id) && !(floor && compareAge({ id }, floor) > 0);
  }
}
