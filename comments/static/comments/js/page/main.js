/**
 * Takes the comments section over from the server's HTML, and wires its parts.
 *
 * What happens goes one way: what the server sends (live.js), the history and the writing side change what is known
 * (store.js, outbox.js) and say so; it is drawn once a frame.
 */

import { Api } from "../client/api.js";
import { Header } from "./header.js";
import { History } from "../thread/history.js";
import { Live } from "./live.js";
import { Older } from "./older.js";
import { csrfToken, readPage } from "./page.js";
import { entryText, refusal } from "../writing/refusals.js";
import { Store } from "../thread/store.js";
import { arrange } from "../thread/tree.js";
import { View } from "./view.js";
import { Writing } from "../writing/writing.js";

const MINUTE = 60_000; // ms
const SECOND = 1_000; // ms
const HIDDEN_FRAME = 200; // ms

class Section {
  /** @param {HTMLElement} element as comments/templates/comments/section.html renders it */
  constructor(element) {
    const { dataset } = element;
    const onChange = () => this.changed();
    this.element = element;
    this.view = new View(element);
    this.header = new Header(element);
    this.store = new Store(readPage(dataset, this.view.read()), { detached: dataset.firstPage === "false" });
    this.api = new Api({ thread: `/api/articles/${encodeURIComponent(dataset.slug)}/`, csrfToken: () => csrfToken(element) });
    this.history = new History({
      api: this.api,
      store: this.store,
      onChange,
      onNewEpoch: () => this.writing.startOver(),
    });
    this.live = new Live(element, { ...this, writing: () => this.writing, onChange });
    this.writing = new Writing(element, { ...this, onChange });
    this.older = new Older(element, { ...this, render: () => this.draw() });
  }

  start() {
    this.writing.restore();
    this.render();
    this.element.addEventListener("click", (event) => this.clicked(event));
    this.live.open();
    setInterval(() => this.view.tick(), MINUTE);
    setInterval(() => this.showWaits(), SECOND);
    document.addEventListener("visibilitychange", () => this.view.tick());
    addEventListener("hashchange", () => this.older.followLink());
    this.older.followLink();
  }

  /** One drawing a frame, however many changes come. A hidden page has no frames. */
  changed() {
    if (this.isDue) return;
    this.isDue = true;
    const due = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      this.isDue = false;
      this.draw();
    };
    const frame = requestAnimationFrame(due);
    const timer = setTimeout(due, HIDDEN_FRAME);
  }

  draw() {
    this.writing.settle();
    if (this.store.isFull()) this.store.trim(this.view.place.isInOldHalf() ? "newest" : "oldest");
    this.render();
  }

  render() {
    this.view.place.keep(() => this.show());
    this.view.news.show(this.store.missed);
    this.header.setCount(this.store.count);
  }

  show() {
    const { store, writing, view } = this;
    writing.composer.setOpen({ closed: store.policy === "closed" });
    writing.keepForm();
    // The newest comments are back in the list: they were fetched, and did not just come.
    if (this.wasDetached && !store.detached) view.news.startOver();
    this.wasDetached = store.detached;
    view.render(arrange(store.comments, writing.outbox.list()), {
      mayReply: !writing.composer.form.hidden,
      stateOf: (entry) => entryText(entry, this.circumstances()),
      retryable: (entry) => refusal(entry.error).retry,
      self: writing.user,
      beforeRemove: (node) => writing.beforeRemove(node),
    });
    this.older.show();
  }

  circumstances() {
    const live = this.live.isLive;
    return { live, online: navigator.onLine, now: Date.now(), self: this.writing.user?.id };
  }

  showWaits() {
    if (this.writing.outbox.list().some(({ state }) => state === "waiting")) this.render();
  }

  clicked(event) {
    const { target } = event;
    // A link that is opened in another tab is none of ours.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const article = target.closest(".comment");
    if (target.closest(".comment-reply")) {
      event.preventDefault();
      this.writing.answer(article.dataset.id);
    } else if (target.closest("[data-action]")) {
      this.writing.act(target.closest("[data-action]").dataset.action, article);
    } else if (target.closest(".comments-older a")) {
      event.preventDefault();
      this.older.load();
    } else if (target.closest(".comments-new, .comments-newest a")) {
      event.preventDefault();
      this.older.showNew();
    }
  }
}

const element = document.querySelector("#comments");
if (element) new Section(element).start();
