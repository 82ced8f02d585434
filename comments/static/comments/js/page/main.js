/**
 * Takes the comments section over from the server's HTML, and wires its parts.
 *
 * What happens goes one way: what the server sends (incoming.js), the history and the writing side change what is known
 * (store.js, unsent.js) and say so; what is known settles, and is drawn once a frame. Drawing changes the document alone.
 */

import { withReader } from "../client/addresses.js";
import { Api } from "../client/api.js";
import { Follower } from "../client/follower.js";
import { Verifier } from "../client/verifier.js";
import { shownOf } from "../thread/digest.js";
import { History } from "../client/history.js";
import { Store } from "../thread/store.js";
import { entryText, refusal } from "../writing/refusals.js";
import { Writing } from "../writing/writing.js";
import { Announcer } from "./announcer.js";
import { Header } from "./header.js";
import { Incoming } from "./incoming.js";
import { List } from "./list.js";
import { Loader } from "./loader.js";
import { csrfCookie, csrfToken, readPage, readSection, storageOf } from "./page.js";
import { Own } from "./own.js";
import { Permalink } from "./permalink.js";
import { PlaceKeeper } from "./place.js";
import { Posted } from "./posted.js";
import { pressedIn } from "./presses.js";
import { Privacy } from "./privacy.js";
import { readerId } from "./reader.js";
import { Revision } from "./revision.js";
import { SinceVisit } from "./since.js";
import { Sorts } from "./sorts.js";
import { isSupported, whenSeen } from "./support.js";
import { Typists } from "./typists.js";
import { View } from "./view.js";

const MINUTE = 60_000; // ms
const SECOND = 1_000; // ms
const HIDDEN_FRAME = 200; // ms

class Section {
  #isDue = false;
  /** @type {string | null} id of the reader, as the page shows what is their own */
  #reader = null;

  /** @param {HTMLElement} element as comments/templates/comments/section.html renders it */
  constructor(element) {
    const { thread, ...given } = readSection(element);
    const [storage, session] = [storageOf("localStorage"), storageOf("sessionStorage")];
    const reader = readerId({ storage: session, thread });
    const self = () => this.self;
    const onChange = () => this.changed();
    this.element = element;
    const view = (this.view = new View(element));
    const privacy = new Privacy(storage);
    const find = (/** @type {string} */ id) => view.find(id);
    const announcer = (this.announcer = new Announcer(element));
    const typists = (this.typists = new Typists(find));
    const header = (this.header = new Header(element, { announcer, privacy, typists }));
    const store = (this.store = new Store(readPage(element, view.read())));
    store.keeps = ({ user_id }) => user_id === self();
    const isAnonymous = () => !privacy.showsName;
    const api = new Api({
      thread: given.api,
      site: given.siteApi,
      reader,
      isAnonymous,
      csrfToken: () => csrfToken(element),
    });
    const history = new History({ api, store, onChange, onNewEpoch: () => this.writing.reset() });
    const follower = (this.follower = new Follower({
      api,
      store,
      history,
      socket: { url: () => withReader(given.socket, reader, isAnonymous()), WebSocket: globalThis.WebSocket },
      cookie: () => csrfCookie(element),
      onFrame: (frame, serves) => this.incoming.received(frame, serves),
      onState: () => this.incoming.stateChanged(),
      onHope: () => this.incoming.hoped(),
    }));
    const writing = (this.writing = new Writing(element, {
      api,
      store,
      history,
      line: follower,
      user: given.user,
      thread,
      limit: given.limit,
      takesGuests: given.takesGuests,
      storage,
      session,
      showsTyping: () => privacy.showsTyping,
      find,
      keepAnchor: (move, looked) => view.anchor.keep(move, looked),
      announcer: this.announcer,
      onChange,
    }));
    store.onApplied = (change) => this.incoming.applied(change);
    privacy.onChange(() => this.privacyChanged(privacy));
    const onDifference = () => this.startAgain();
    const shown = () => shownOf(store);
    const period = given.verifyPeriod;
    const verifier = (this.verifier = new Verifier({ line: follower, api, store, shown, onDifference, period }));
    const revision = new Revision(element, { announcer });
    history.onSubject = (subject) => revision.told(subject);
    this.incoming = new Incoming({ history, header, revision, writing, follower, verifier, onChange });
    const drawNow = (/** @type {Element | null | undefined} */ looked) => this.drawNow(looked);
    this.list = new List({ store, view, entries: () => writing.unsent.list(), how: () => this.how(), onDue: onChange });
    view.news.onMore = (text) => announcer.say("news", text);
    const loader = (this.loader = new Loader(element, { api, store, history, view, drawNow, announcer }));
    this.permalink = new Permalink(element, { store, view, loader, announcer, openNew: () => this.openNew(null) });
    this.sorts = new Sorts(element, loader);
    this.posted = new Posted(element, { store, view });
    this.place = new PlaceKeeper({ storage: session, thread, user: self, store, view });
    this.since = new SinceVisit(element, { api, store, view, loader, storage, thread, user: self, onChange });
    this.own = new Own(element, { api, store, view, announcer, storage, user: () => writing.user, onChange });
    view.adorn = (article, comment) => this.own.adorn(article, comment);
    this.#reader = this.self;
  }

  start() {
    const isBack = this.place.resume();
    if (isBack) this.sorts.show(this.store.sort);
    this.writing.restore();
    this.posted.seen(this.writing.unsent.list());
    this.draw();
    this.element.addEventListener("click", (event) => pressedIn(event, this));
    this.follower.open();
    this.verifier.start();
    this.since.start();
    setInterval(() => this.view.tick(), MINUTE);
    setInterval(() => this.showWaits(), SECOND);
    document.addEventListener("visibilitychange", () => this.view.tick());
    addEventListener("hashchange", () => this.permalink.follow());
    if (isBack) this.place.goBack();
    else this.permalink.start();
  }

  /** @returns {string | null} id of the reader */
  get self() {
    return this.writing.user?.id ?? null;
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
    if (this.self !== this.#reader) this.#userChanged();
    this.writing.settle();
    if (this.#isDue) return;
    this.#isDue = true;
    const due = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      this.#isDue = false;
      this.drawNow();
    };
    const frame = requestAnimationFrame(due);
    const timer = setTimeout(due, HIDDEN_FRAME);
  }

  /** Somebody else reads now: what is one's own here is theirs from now on, and comes with what is fetched for them. */
  #userChanged() {
    // Who only gives a name has done nothing under it yet.
    const isNaming = this.#reader === null && this.writing.user?.role === "guest";
    this.#reader = this.self;
    this.own.userChanged();
    if (isNaming) return;
    this.since.userChanged();
    this.startAgain();
  }

  /** @param {Element | null} [looked] what must stay where it is, if that is not the line that is being read */
  drawNow(looked = null) {
    // Where there is too much, some of it goes: what is farthest from what the reader looks at.
    const seen = this.store.isFull ? (looked?.closest(".comment") ?? this.view.anchor.looked()) : null;
    this.store.trim(seen?.getAttribute("data-id") ?? null);
    this.writing.settle();
    this.draw(looked);
  }

  /** @param {Element | null} [looked] */
  draw(looked = null) {
    const { header, store, view, writing } = this;
    view.anchor.keep(() => {
      const closed = store.policy === "closed";
      writing.composer.setOpen({ closed });
      this.element.classList.toggle("is-closed", closed);
      this.list.draw();
      this.loader.show();
      this.since.draw();
      writing.begun.mark();
    }, looked);
    header.setCount(store.count);
    header.reached(store.seq);
    this.typists.draw();
    this.posted.drawn(writing.unsent.list());
    this.announce();
  }

  /** Says to those who hear the page what is new, and what keeps their own comments from being sent. */
  announce() {
    const { announcer, view, writing } = this;
    announcer.say("news", view.news.words);
    for (const entry of writing.unsent.list()) {
      // A countdown is to be seen, not to be heard every second.
      const isHeard = entry.state === "failed" || entry.state === "queued";
      announcer.say(`entry ${entry.ref}`, isHeard ? entryText(entry, this.circumstances()) : "");
    }
  }

  how() {
    const { loader, writing } = this;
    return {
      mayReply: writing.composer.mayWrite,
      stateOf: (/** @type {import("../thread/types.js").Entry} */ entry) => entryText(entry, this.circumstances()),
      retryable: (/** @type {import("../thread/types.js").Entry} */ entry) => refusal(entry.error).retry,
      stateOfMore: loader.stateOf.bind(loader),
      self: writing.user,
    };
  }

  circumstances() {
    return { live: this.follower.isLive, online: navigator.onLine, now: Date.now(), self: this.writing.user?.id };
  }

  showWaits() {
    if (this.writing.unsent.list().some(({ state }) => state === "waiting")) this.draw();
  }

  /**
   * Shows the new comments that wait to be asked for, and goes to the first of them.
   * @param {string | null} root id of their conversation; null: all that there are
   */
  openNew(root) {
    const [first] = this.list.open(root);
    this.drawNow();
    if (root === null) this.view.goToNews();
    else if (first) this.view.reveal(first);
  }

  /** Goes to what is new; where that is not in the list, fetches it first. */
  async showNew() {
    const [first] = this.store.missed;
    if (first === undefined) this.openNew(null);
    else if (await this.loader.replace(this.store.sort === "newest" ? {} : { around: first })) {
      if (this.store.sort === "newest") this.goToTop();
      else this.view.reveal(first);
    }
  }

  /** What is known is not what the database holds: all of it is fetched anew, around what the reader looks at. */
  startAgain() {
    const looked = this.view.anchor.looked()?.getAttribute("data-id");
    return this.loader.replace(looked ? { around: looked } : {}, true);
  }

  /** Goes to the list's beginning; where that is not here, fetches it first. */
  async showTop() {
    if (this.store.roots.previous !== null && !(await this.loader.replace())) return;
    this.permalink.leave();
    this.goToTop();
  }

  goToTop() {
    const [first] = this.view.present();
    if (first) this.view.anchor.goTo(first);
  }
}

/** @type {HTMLElement | null} */
const element = document.querySelector("#comments");
if (element && isSupported()) whenSeen(() => new Section(element).start());
