/**
 * Takes the comments section over from the server's HTML, and wires its parts.
 *
 * What happens goes one way: what the server sends (incoming.js), the history and the writing side change what is known
 * (store.js, unsent.js) and say so; what is known settles, and is drawn once a frame. Drawing changes the document alone.
 */

import { withReader } from "../client/addresses.js";
import { Api } from "../client/api.js";
import { Follower } from "../client/follower.js";
import { History } from "../thread/history.js";
import { Store } from "../thread/store.js";
import { arrange } from "../thread/tree.js";
import { entryText, refusal } from "../writing/refusals.js";
import { Writing } from "../writing/writing.js";
import { Announcer } from "./announcer.js";
import { Header } from "./header.js";
import { Incoming } from "./incoming.js";
import { Older } from "./older.js";
import { csrfCookie, csrfToken, readSection, storageOf } from "./page.js";
import { Privacy } from "./privacy.js";
import { readerId } from "./reader.js";
import { Revision } from "./revision.js";
import { isSupported, whenSeen } from "./support.js";
import { Typists } from "./typists.js";
import { View } from "./view.js";

const MINUTE = 60_000; // ms
const SECOND = 1_000; // ms
const HIDDEN_FRAME = 200; // ms

class Section {
  #isDue = false;
  #wasDetached = false;

  /** @param {HTMLElement} element as comments/templates/comments/section.html renders it */
  constructor(element) {
    const given = readSection(element);
    const reader = readerId({ storage: storageOf("sessionStorage"), thread: given.thread });
    const onChange = () => this.changed();
    this.element = element;
    this.view = new View(element);
    const privacy = new Privacy(storageOf("localStorage"));
    this.announcer = new Announcer(element);
    this.typists = new Typists((id) => this.view.find(id));
    this.header = new Header(element, { announcer: this.announcer, privacy, typists: this.typists });
    const page = { ...given.page, comments: this.view.read() };
    const store = (this.store = new Store(page, { detached: !given.isNewestPage }));
    const isAnonymous = () => !privacy.showsName;
    const api = new Api({
      thread: given.api,
      site: given.siteApi,
      reader,
      isAnonymous,
      csrfToken: () => csrfToken(element),
    });
    const history = new History({ api, store, onChange, onNewEpoch: () => this.writing.reset() });
    this.follower = new Follower({
      api,
      store,
      history,
      socket: { url: () => withReader(given.socket, reader, isAnonymous()), WebSocket: globalThis.WebSocket },
      cookie: () => csrfCookie(element),
      onFrame: (frame, serves) => this.incoming.received(frame, serves),
      onState: () => this.incoming.stateChanged(),
      onHope: () => this.incoming.hoped(),
    });
    this.writing = new Writing(element, {
      api,
      store,
      history,
      line: this.follower,
      user: given.user,
      thread: given.thread,
      limit: given.limit,
      takesGuests: given.takesGuests,
      storage: storageOf("localStorage"),
      session: storageOf("sessionStorage"),
      showsTyping: () => privacy.showsTyping,
      find: (id) => this.view.find(id),
      keepAnchor: (move, looked) => this.view.anchor.keep(move, looked),
      onChange,
    });
    const { header, follower, writing, view } = this;
    store.onApplied = (change) => this.incoming.applied(change);
    privacy.onChange(() => this.privacyChanged(privacy));
    const revision = new Revision(element, { announcer: this.announcer });
    this.incoming = new Incoming({ history, header, revision, writing, follower, onChange });
    this.older = new Older(element, { api, store, history, view, drawNow: () => this.drawNow() });
  }

  start() {
    this.writing.restore();
    this.draw();
    this.element.addEventListener("click", (event) => this.clicked(event));
    this.follower.open();
    setInterval(() => this.view.tick(), MINUTE);
    setInterval(() => this.showWaits(), SECOND);
    document.addEventListener("visibilitychange", () => this.view.tick());
    addEventListener("hashchange", () => this.older.followLink());
    this.older.followLink();
  }

  /**
   * The server counts a reader by name, or not, from the opening of a connection.
   * @param {Privacy} privacy
   */
  privacyChanged({ showsTyping }) {
    if (!showsTyping) this.follower.send({ type: "typing", on: false, parent: null });
    this.follower.reopen();
  }

  /** What is known has changed. One drawing a frame, however many changes come; a hidden page has no frames. */
  changed() {
    this.writing.settle();
    if (this.#isDue) return;
    this.#isDue = true;
    const due = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      this.#isDue = false;
      this.trim();
      this.draw();
    };
    const frame = requestAnimationFrame(due);
    const timer = setTimeout(due, HIDDEN_FRAME);
  }

  /** Where there is too much, some of it goes, on the side that the reader is not looking at. */
  trim() {
    if (!this.store.isFull()) return;
    this.store.trim(this.view.anchor.isInOldHalf() ? "newest" : "oldest");
    this.writing.settle();
  }

  drawNow() {
    this.writing.settle();
    this.draw();
  }

  draw() {
    const { header, store, view } = this;
    view.anchor.keep(() => this.drawList());
    view.news.show(store.missed);
    header.setCount(store.count);
    header.reached(store.seq);
    this.typists.draw();
  }

  drawList() {
    const { older, store, view, writing } = this;
    writing.composer.setOpen({ closed: store.policy === "closed" });
    // The newest comments are back in the list: they were fetched, and did not just come.
    if (this.#wasDetached && !store.detached) view.news.reset();
    this.#wasDetached = store.detached;
    view.render(arrange(store.comments, writing.unsent.list()), {
      mayReply: writing.composer.mayWrite,
      stateOf: (entry) => entryText(entry, this.circumstances()),
      retryable: (entry) => refusal(entry.error).retry,
      self: writing.user,
    });
    older.show();
  }

  circumstances() {
    return { live: this.follower.isLive, online: navigator.onLine, now: Date.now(), self: this.writing.user?.id };
  }

  showWaits() {
    if (this.writing.unsent.list().some(({ state }) => state === "waiting")) this.draw();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const { target } = event;
    // The browser opens a link in another tab: this page stays as it is.
    if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    /** @type {HTMLElement | null} */
    const article = target.closest(".comment");
    /** @type {HTMLElement | null} */
    const action = target.closest("[data-action]");
    if (article && target.closest(".comment-reply")) {
      event.preventDefault();
      this.writing.answer(article.dataset.id ?? "");
    } else if (article && action) {
      this.writing.act(action.dataset.action ?? "", article);
    } else if (target.closest(".comments-older a")) {
      event.preventDefault();
      this.older.load();
    } else if (target.closest(".comments-new, .comments-newest a")) {
      event.preventDefault();
      this.older.showNew();
    }
  }
}

/** @type {HTMLElement | null} */
const element = document.querySelector("#comments");
if (element && isSupported()) whenSeen(() => new Section(element).start());
