/** Takes the comments section over from the server's HTML, and wires its parts. */

import { Api } from "./api.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Drafts, RESEND_WITHIN } from "./drafts.js";
import { Header } from "./header.js";
import { History } from "./history.js";
import { Outbox } from "./outbox.js";
import { entryText, refusal } from "./refusals.js";
import { Sender } from "./sender.js";
import { Store, isComment } from "./store.js";
import { arrange, isRemoved } from "./tree.js";
import { View } from "./view.js";

const MINUTE = 60_000; // ms
/** Failed attempts in a row after which comments go over HTTP. */
const PATIENCE = 3;
const HIDDEN_FRAME = 200; // ms
const PAGES_FOR_A_LINK = 6;
const FROM_THE_TOP = 200; // comments a page, where the list is walked from its top

class Section {
  /** @param {HTMLElement} element as templates/comments/section.html renders it */
  constructor(element) {
    const { dataset } = element;
    this.element = element;
    this.view = new View(element);
    this.header = new Header(element);
    this.store = new Store(readPage(dataset, this.view.read()), { detached: dataset.firstPage === "false" });
    this.user = dataset.userId
      ? { id: dataset.userId, name: dataset.userName, role: dataset.userRole }
      : null;
    this.drafts = new Drafts({ slug: dataset.slug, storage: storage(), now: Date.now });
    this.outbox = new Outbox();
    this.api = new Api({ slug: dataset.slug, csrfToken: () => csrfToken(element) });
    this.history = new History({
      api: this.api,
      store: this.store,
      onChange: () => this.changed(),
    });
    this.connection = new Connection({
      url: socketUrl(dataset.slug),
      WebSocket: globalThis.WebSocket,
      onFrame: (frame) => this.received(frame),
      onState: (...state) => this.connectionChanged(...state),
      onStartAgain: () => this.history.startAgain(),
      isVisible: () => document.visibilityState === "visible",
    });
    this.sender = new Sender({
      outbox: this.outbox,
      send: (frame) => this.connection.send(frame),
      api: this.api,
      author: () => this.user?.id ?? null,
      onChange: () => this.outboxChanged(),
      onPosted: () => this.history.catchUp(),
    });
    this.composer = new Composer(element, {
      onSubmit: (text) => this.submit(text),
      onName: (name) => this.nameGuest(name),
      onTyping: (on, parent) => this.connection.send({ type: "typing", on, parent }),
      onDraft: (draft) => this.drafts.saveDraft(this.user?.id ?? null, draft),
      keepPlace: (move, element) => this.view.keepPlace(move, element),
    });
  }

  start() {
    this.composer.setUser(this.user);
    this.restore();
    this.render();
    this.listen();
    this.connection.open();
    setInterval(() => this.view.tick(), MINUTE);
    setInterval(() => this.showWaits(), 1000);
    this.followLink();
  }

  listen() {
    this.element.addEventListener("click", (event) => this.clicked(event));
    addEventListener("online", () => this.woke());
    addEventListener("offline", () => {
      this.connection.doubt();
      this.showStatus();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.woke();
    });
    // A page that goes into the browser's back/forward cache may not hold a socket.
    addEventListener("pagehide", () => this.connection.close());
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.connection.reopen();
    });
    addEventListener("hashchange", () => this.followLink());
  }

  woke() {
    this.connection.wake();
    if (this.connection.state !== "live") this.history.catchUp();
    this.showStatus();
    this.view.tick();
  }

  // The socket

  received(frame) {
    if (typeof frame.seq === "number" && typeof frame.prev === "number") {
      if (frame.type === "message" && !isComment(frame)) console.error("comments: not a comment", frame);
      if (this.store.receive(frame) === "gap") this.history.catchUp();
      this.changed();
    } else if (Object.hasOwn(this.frames, frame.type)) {
      this.frames[frame.type](frame);
    }
  }

  frames = {
    welcome: (frame) => this.welcomed(frame),
    pong: ({ epoch, seq }) => this.compare(epoch, seq),
    presence: (frame) => {
      this.presence = frame;
      this.header.setPeople(frame, this.user?.id);
    },
    typing: (frame) => this.header.setTyping(frame, this.user?.id),
    ack: (frame) => {
      this.sender.acked(frame);
      this.changed();
    },
    error: (frame) => this.sender.refused(frame),
  };

  welcomed({ epoch, seq, user, policy }) {
    this.setUser(user);
    if (seq >= this.store.seq) this.store.policy = policy;
    this.compare(epoch, seq);
    this.changed();
    this.sender.pump();
  }

  compare(epoch, seq) {
    const place = this.store.hear(epoch, seq);
    if (place === "reset") this.history.startAgain();
    else if (place === "behind") this.history.catchUp();
  }

  async connectionChanged(state, failures, code) {
    this.stopCode = state === "stopped" ? code : null;
    if (state === "live") this.isDegraded = false;
    else if (this.wasLive) this.sender.lost();
    this.wasLive = state === "live";
    this.sender.overHttp = state === "stopped" || (state !== "live" && failures >= PATIENCE);
    this.showStatus();
    if (!this.sender.overHttp || state === "connecting") return;
    // The server may be well, and only sockets refused.
    this.isDegraded = await this.history.catchUp();
    this.showStatus();
    if (this.isDegraded && this.connection.state !== "live") this.sender.pump();
  }

  showStatus() {
    const { state } = this.connection;
    this.hasBeenLive ||= state === "live";
    if (state === "live") this.header.setStatus("live");
    else if (state === "stopped") this.header.setStatus("off", this.stopCode);
    else if (!navigator.onLine) this.header.setStatus("offline");
    else if (this.isDegraded) this.header.setStatus("off");
    else this.header.setStatus(this.hasBeenLive ? "reconnecting" : "connecting");
  }

  // Writing

  setUser(user) {
    if (user?.id === this.user?.id && user?.name === this.user?.name) return;
    const before = this.user?.id ?? null;
    this.user = user;
    this.composer.setUser(user);
    if (before === (user?.id ?? null)) return;
    const draft = { content: this.composer.content, parent: this.composer.parent };
    // Words written before their author had a name are that author's; another person's stay with them.
    if (before === null) this.drafts.saveDraft(null, { content: "", parent: null });
    this.restore();
    if (draft.content) this.drafts.saveDraft(user?.id ?? null, draft);
  }

  restore() {
    const author = this.user?.id ?? null;
    for (const entry of this.drafts.entries(author)) {
      if (this.outbox.get(entry.ref)) continue;
      this.outbox.restore(entry, Date.now() - entry.at > RESEND_WITHIN);
    }
    if (this.composer.content) return;
    const { content, parent } = this.drafts.draft(author);
    this.composer.restore(content);
    if (content) this.answer(parent, { focus: false });
  }

  /** Moves the form beneath a comment, if it is here to be answered. */
  answer(id, options) {
    const comment = this.store.comments.get(id);
    const article = this.view.find(id);
    if (article && !isRemoved(comment)) this.composer.replyTo(comment, article, options);
  }

  submit({ content, parent }) {
    if (this.outbox.isFull()) {
      this.composer.refuse("There are many comments waiting to be sent. Please let them go first.");
      return false;
    }
    this.outbox.add({ ref: newRef(), content, parent, author: this.user.id, at: Date.now() });
    this.sender.pump();
    this.outboxChanged();
    return true;
  }

  async nameGuest(name) {
    const guest = await this.api.nameGuest(name);
    this.setUser(guest);
    this.composer.setUser(guest);
    // The handshake carries the cookie: only a new socket knows the guest.
    this.connection.reopen();
  }

  outboxChanged() {
    this.drafts.saveEntries(this.outbox.list());
    this.changed();
  }

  showWaits() {
    if (this.outbox.list().some(({ state }) => state === "waiting")) this.render();
  }

  // The list

  /** One drawing a frame, however many changes come. Hidden pages have no frames. */
  changed() {
    if (this.isDue) return;
    this.isDue = true;
    const draw = () => {
      this.isDue = false;
      this.draw();
    };
    if (document.visibilityState === "visible") requestAnimationFrame(draw);
    else setTimeout(draw, HIDDEN_FRAME);
  }

  draw() {
    if (this.outbox.settle(this.store).length > 0) {
      this.drafts.saveEntries(this.outbox.list());
      // The live frame may have come without, or before, the ack that the next entry waits for.
      this.sender.pump();
    }
    if (this.store.isFull()) this.store.trim(this.view.isReadingOldHalf() ? "newest" : "oldest");
    this.view.keepPlace(() => this.render());
  }

  render() {
    const { store, composer } = this;
    const closed = store.policy === "closed";
    composer.setOpen({ closed });
    const answered = store.comments.get(composer.parent);
    if (answered && isRemoved(answered)) this.parentGone();
    this.view.render(arrange(store.comments, this.outbox.list()), {
      mayReply: !composer.form.hidden,
      stateOf: (entry) => entryText(entry, this.circumstances()),
      retryable: (entry) => refusal(entry.error).retry,
      self: this.user,
      beforeRemove: (node) => node.contains(composer.form) && composer.goHome(),
    });
    this.view.showNews(store.missed);
    this.header.setCount(store.count);
    this.element.querySelector(".comments-older").hidden = store.older === null;
    this.element.querySelector(".comments-newest").hidden = !store.detached;
  }

  circumstances() {
    const live = this.connection.state === "live";
    return { live, online: navigator.onLine, now: Date.now(), self: this.user?.id };
  }

  parentGone() {
    this.composer.goHome();
    this.composer.refuse("The comment you were answering was removed. Your text is still here.");
  }

  async clicked(event) {
    const { target } = event;
    const article = target.closest(".comment");
    if (target.closest(".comment-reply")) {
      event.preventDefault();
      this.answer(article.dataset.id);
    } else if (target.closest("[data-action]")) {
      this.act(target.closest("[data-action]").dataset.action, article);
    } else if (target.closest(".comments-older")) {
      event.preventDefault();
      await this.showOlder();
    } else if (target.closest(".comments-new, .comments-newest")) {
      event.preventDefault();
      await this.showNew();
    }
  }

  act(action, article) {
    const entry = this.outbox.get(article.dataset.ref);
    if (!entry) return;
    if (action === "retry") {
      this.outbox.retry(entry.ref);
      this.sender.pump();
      article.focus({ preventScroll: true });
    } else {
      this.outbox.discard(entry.ref);
      this.composer.text.focus({ preventScroll: true });
    }
    if (action === "edit") {
      this.answer(entry.parent);
      this.composer.take(entry.content);
    }
    this.outboxChanged();
  }

  async showOlder() {
    const link = this.element.querySelector(".comments-older a");
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    try {
      await this.loadOlder();
    } catch (error) {
      console.error("comments: older comments could not be loaded", error);
    } finally {
      link.ariaBusy = "false";
    }
  }

  async loadOlder() {
    let added = 0;
    while (added === 0 && this.store.older) {
      const { cursor } = this.store.older;
      const page = await this.api.comments(cursor === null ? { limit: FROM_THE_TOP } : { cursor });
      added = this.store.addOlder(page);
      if (added < 0) return this.history.startAgain();
    }
    this.store.trim("newest");
    this.render();
  }

  async showNew() {
    if (!this.store.detached) {
      this.view.goToNews();
      return;
    }
    await this.history.startAgain();
    this.draw();
    this.view.goToTop();
  }

  /** Loads older comments until the one that the address names is here, within reason. */
  async followLink() {
    const id = /^#comment-(\d+)$/.exec(location.hash)?.[1];
    if (!id) return;
    for (let page = 0; page < PAGES_FOR_A_LINK && this.store.older && !this.view.find(id); page += 1) {
      await this.showOlder();
      this.view.find(id)?.scrollIntoView({ block: "center" });
    }
  }
}

function readPage({ epoch, seq, count, policy, next }, comments) {
  return { epoch, seq: Number(seq), count: Number(count), policy, next: next || null, comments };
}

function socketUrl(slug) {
  const { protocol, host } = location;
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/ws/article/${encodeURIComponent(slug)}/`;
}

/** The cookie is fresher than the form: another tab may have logged in since. */
function csrfToken(element) {
  const prefix = `${element.dataset.csrfCookie}=`;
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith(prefix));
  return cookie?.slice(prefix.length) ?? element.querySelector("[name=csrfmiddlewaretoken]").value;
}

/** `crypto.randomUUID` exists in secure contexts only; a site on a plain local address is none. */
function newRef() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40; // version 4
  bytes[8] = (bytes[8] & 0x3f) | 0x80; // variant 1, RFC 9562
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

const element = document.querySelector("#comments");
if (element) new Section(element).start();
