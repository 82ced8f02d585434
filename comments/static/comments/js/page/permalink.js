/** Links to one comment: shows it in its conversation, however old it is, and says where it is gone. */

import { focusOn, part, setText } from "../dom.js";

/**
 * @import { Store } from "../thread/store.js"
 * @import { Announcer } from "./announcer.js"
 * @import { Loader } from "./loader.js"
 * @import { View } from "./view.js"
 */

const SENTENCES = {
  removed: "This comment was removed.",
  unknown: "There is no such comment in this thread.",
  failed: "This comment could not be loaded. Please try again.",
};

export class Permalink {
  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Store} parts.store
   * @param {View} parts.view
   * @param {Loader} parts.loader
   * @param {Announcer} parts.announcer
   * @param {() => void} parts.openNew draws the new comments that wait to be asked for
   */
  constructor(section, { store, view, loader, announcer, openNew }) {
    this.announcer = announcer;
    this.notice = part(section, ".comments-permalink");
    this.store = store;
    this.view = view;
    this.loader = loader;
    this.openNew = openNew;
  }

  /** Follows the address that the page was opened with. */
  start() {
    if (this.#linked) this.follow();
    // The server has answered; the browser knows of no fragment that it could go to.
    else this.view.marked()?.scrollIntoView({ block: "center", behavior: "instant" });
  }

  /** Follows the fragment of the address, if it names a comment; whatever else it names was not to be missed. */
  async follow() {
    const id = this.#linked;
    this.#say("");
    if (!id) return;
    if (this.store.arrived.has(id)) this.openNew();
    if (!this.view.find(id) && !(await this.#fetch(id))) return;
    if (id !== this.#linked) return;
    this.view.mark(id);
    const article = this.view.find(id);
    article?.scrollIntoView({ block: "center", behavior: "instant" });
    focusOn(article);
  }

  /** Goes back from what a link led to. */
  leave() {
    this.#say("");
    this.view.mark(null);
    if (this.#linked) history.replaceState(history.state, "", location.pathname + location.search);
  }

  get #linked() {
    return /^#comment-(\d+)$/.exec(location.hash)?.[1] ?? null;
  }

  /**
   * @param {string} id
   * @returns {Promise<boolean>} whether the comment is in the list now
   */
  async #fetch(id) {
    if (!(await this.loader.replace({ around: id }))) {
      this.#say(SENTENCES.failed);
      return false;
    }
    if (this.view.find(id)) return true;
    this.#say(SENTENCES[this.store.around?.state === "removed" ? "removed" : "unknown"]);
    this.notice.scrollIntoView({ block: "center", behavior: "instant" });
    return false;
  }

  /** @param {string} sentence */
  #say(sentence) {
    setText(part(this.notice, "span"), sentence);
    this.notice.hidden = !sentence;
    this.announcer.say("link", sentence);
  }
}
