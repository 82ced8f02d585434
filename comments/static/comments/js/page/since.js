/**
 * What is new since the reader's last visit: a line about it on arrival, a mark at each comment, and the ways through.
 *
 * A visit is a look at the comments. It ends when the page is left, or hidden, or the reader says that all is seen; then
 * everything that the page had heard of counts as told. Whoever never came to the comments is told the same next time.
 */

import { ApiError } from "../client/api.js";
import { markOf, routeOf, sentenceOf, stepIn } from "../thread/since.js";
import { make, part, passFocus } from "../dom.js";
import { Visits } from "./visits.js";

/**
 * @import { Api } from "../client/api.js"
 * @import { Changed } from "../client/wire.js"
 * @import { Store } from "../thread/store.js"
 * @import { Loader } from "./loader.js"
 * @import { View } from "./view.js"
 */

const KEYS = new Map([
  ["n", 1],
  ["p", -1],
]);
const FIELDS = "input, textarea, select, [contenteditable], [role=menu], dialog";

export class SinceVisit {
  /** @type {Map<string, Changed>} by id, what is marked */
  #changes = new Map();
  /** @type {string | null} id of the comment that was gone to */
  #at = null;
  #epoch = "";
  #wasThere = false;
  #isOnTheWay = false;
  /** What the server knows already. */
  #told = "";

  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Api} parts.api
   * @param {Store} parts.store
   * @param {View} parts.view
   * @param {Loader} parts.loader
   * @param {Storage | null} parts.storage
   * @param {string} parts.thread
   * @param {() => string | null} parts.user id of the reader
   * @param {() => void} parts.onChange
   */
  constructor(section, { api, store, view, loader, storage, thread, user, onChange }) {
    this.line = part(section, ".comments-since");
    this.api = api;
    this.store = store;
    this.view = view;
    this.loader = loader;
    this.user = user;
    this.onChange = onChange;
    this.visits = new Visits(storage, thread);
    this.body = part(section, ".comments-body");
    this.line.addEventListener("click", (event) => this.#pressed(event));
    addEventListener("keydown", (event) => this.#typed(event));
    addEventListener("pagehide", () => this.#end());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#end());
    this.watcher = new IntersectionObserver((sights) => {
      if (!sights.some(({ isIntersecting }) => isIntersecting)) return;
      this.#wasThere = true;
      this.watcher.disconnect();
    });
  }

  /** A visit begins: asks what has changed. On a first visit nobody is told anything. */
  async start() {
    const { mark } = this.visits;
    const user = this.user();
    this.watcher.observe(this.body);
    const isKnown = mark?.epoch === this.store.epoch && mark.seq >= this.store.seq;
    if (user === null && (!mark || isKnown)) return;
    try {
      const since = await this.api.since(mark);
      if (user === this.user()) this.#show(since);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** The reader is somebody else now, who has been told nothing yet: their visit begins. */
  userChanged() {
    this.#wasThere = false;
    this.#told = "";
    this.#at = null;
    this.watcher.disconnect();
    this.view.anchor.keep(() => this.#clear());
    return this.start();
  }

  /** Puts the marks to the comments that are in the list. */
  draw() {
    if (this.#changes.size > 0 && this.store.epoch !== this.#epoch) this.#clear();
    for (const change of this.#changes.values()) {
      const article = this.view.find(change.id);
      const isThere = article?.matches(".is-removed") === (change.kind === "removed");
      if (article && isThere && !article.querySelector(".comment-since")) addMark(article, markOf(change));
    }
  }

  /** @param {import("../client/wire.js").Since} since */
  #show(since) {
    if (since.epoch !== this.store.epoch) return;
    if (since.from === since.seq) this.#told = `${since.epoch} ${since.seq}`;
    const sentence = sentenceOf(since);
    if (!sentence) return;
    this.#epoch = since.epoch;
    this.#changes = new Map(since.changes.map((change) => [change.id, change]));
    part(this.line, "p").textContent = sentence;
    this.#count();
    this.view.anchor.keep(() => {
      this.line.hidden = false;
    });
    this.onChange();
  }

  /** Says how far the reader is; where there is nowhere to go, no button leads there. */
  #count() {
    const route = this.#route;
    const at = this.#at === null ? 0 : route.indexOf(this.#at) + 1;
    part(this.line, ".comments-since-at").textContent = at > 0 ? `${at} of ${route.length}` : "";
    if (route.length === 0) passFocus(this.line, part(this.line, ".comments-since-done"));
    for (const button of this.line.querySelectorAll("[data-step]")) button.toggleAttribute("hidden", route.length === 0);
  }

  get #route() {
    return routeOf([...this.#changes.values()], this.store.sort);
  }

  /**
   * Goes to the next one; one that has gone meanwhile is passed over.
   * @param {number} by 1 or -1
   */
  async #go(by) {
    const focused = document.activeElement?.closest(".comment")?.getAttribute("data-id") ?? null;
    for (;;) {
      const route = this.#route;
      if (route.length === 0) break;
      const id = route[stepIn(route, route.includes(focused ?? "") ? focused : this.#at, by)];
      if (!this.view.find(id) && !(await this.loader.replace({ around: id }))) return;
      this.#at = id;
      if (this.view.reveal(id)) break;
      this.#at = null;
      this.#changes.delete(id);
    }
    this.#count();
  }

  /** @param {number} by */
  async #step(by) {
    if (this.#isOnTheWay) return;
    this.#isOnTheWay = true;
    await this.#go(by).finally(() => {
      this.#isOnTheWay = false;
    });
  }

  /** @param {MouseEvent} event */
  #pressed({ target }) {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.step) this.#step(Number(button.dataset.step));
    else if (button) this.#allSeen();
  }

  /** @param {KeyboardEvent} event */
  #typed(event) {
    const { target, key, defaultPrevented, isComposing } = event;
    const isField = target instanceof Element && target.closest(FIELDS);
    const isOther = event.ctrlKey || event.metaKey || event.altKey || defaultPrevented || isComposing;
    if (this.line.hidden || isField || isOther || !KEYS.has(key)) return;
    event.preventDefault();
    this.#step(KEYS.get(key) ?? 0);
  }

  #allSeen() {
    this.#wasThere = true;
    this.#end();
    this.view.anchor.keep(() => this.#clear());
  }

  #clear() {
    this.#changes.clear();
    this.line.hidden = true;
    for (const mark of this.view.list.querySelectorAll(".comment-since")) mark.remove();
  }

  #end() {
    const { epoch, seq } = this.store;
    if (!this.#wasThere || this.#told === `${epoch} ${seq}`) return;
    this.#told = `${epoch} ${seq}`;
    if (this.user() === null) this.visits.move({ epoch, seq });
    // Where it does not arrive, the reader is told the same once more.
    else this.api.read({ epoch, seq }).catch(() => (this.#told = ""));
  }
}

/**
 * @param {HTMLElement} article
 * @param {string} words
 */
function addMark(article, words) {
  const mark = make("span", { className: "comment-since" }, words);
  const before = article.querySelector(".comment-edited") ?? article.querySelector(".comment-when, .comment-gone");
  if (before?.matches(".comment-gone")) before.append(" ", mark);
  else before?.after(mark);
}
