/** The part of the thread that is not in the list: older comments, and the newest where the list was walked down. */

import { ApiError } from "../client/api.js";
import { setText } from "./article.js";
import { compareAge } from "../thread/tree.js";

const PAGES_FOR_A_LINK = 6;
const FROM_THE_TOP = 200; // comments a page, where the list is walked from its top
const OLDER = "Older comments";
const FAILED = "Older comments could not be loaded. Try again";

export class Older {
  /**
   * @param {HTMLElement} element the section
   * @param {object} parts
   * @param {import("../client/api.js").Api} parts.api
   * @param {import("../thread/store.js").Store} parts.store
   * @param {import("../thread/history.js").History} parts.history
   * @param {import("./view.js").View} parts.view
   * @param {() => void} parts.render draws the list now
   */
  constructor(element, { api, store, history, view, render }) {
    Object.assign(this, { api, store, history, view, render });
    this.line = element.querySelector(".comments-older");
    this.link = this.line.querySelector("a");
    this.newest = element.querySelector(".comments-newest");
    this.isLoading = false;
  }

  /** Shows the ways to what is not in the list. */
  show() {
    this.line.hidden = this.store.older === null;
    this.newest.hidden = !this.store.detached;
  }

  /** Loads a page of older comments. */
  async load() {
    if (this.isLoading) return;
    this.setLoading(true);
    try {
      await this.add();
      setText(this.link, OLDER);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(this.link, FAILED);
    } finally {
      this.setLoading(false);
    }
  }

  setLoading(isLoading) {
    this.isLoading = isLoading;
    this.link.setAttribute("aria-busy", String(isLoading));
  }

  async add() {
    let added = 0;
    while (added === 0 && this.store.older) {
      const { cursor } = this.store.older;
      const page = await this.api.comments(cursor === null ? { limit: FROM_THE_TOP } : { cursor });
      added = this.store.addOlder(page);
      if (added < 0) return this.history.reset();
    }
    this.store.trim("newest");
    const last = this.view.last();
    const hadFocus = this.line.contains(document.activeElement);
    this.render();
    // Whoever reads by keyboard goes on where the new ones begin.
    if (hadFocus && last) this.view.neighbour(last)?.focus({ preventScroll: true });
  }

  /** Goes to what is new; where the newest comments are not in the list, fetches them first. */
  async showNew() {
    if (!this.store.detached) {
      this.view.goToNews();
      return;
    }
    if (!(await this.history.reset())) return;
    this.render();
    this.view.goToTop();
  }

  /** Loads older comments until the one that the address names is here, within reason. */
  async followLink() {
    const id = /^#comment-(\d+)$/.exec(location.hash)?.[1];
    if (!id) return;
    for (let page = 0; page < PAGES_FOR_A_LINK && this.isBeyond(id); page += 1) {
      await this.load();
      this.view.find(id)?.scrollIntoView({ block: "center" });
    }
  }

  /** Whether a comment may exist in the part that is not loaded. */
  isBeyond(id) {
    const { older, floor } = this.store;
    return older !== null && !this.view.find(id) && !(floor && compareAge({ id }, floor) > 0);
  }
}
