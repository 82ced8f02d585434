/** The socket's side: what its frames change, and what its state means for the page. */

import { Connection } from "./connection.js";
import { csrfCookie, socketUrl } from "./page.js";
import { isComment } from "./store.js";

/** Failed attempts in a row after which comments go over HTTP. */
const PATIENCE = 3;

export class Live {
  /**
   * @param {HTMLElement} element the section
   * @param {object} parts
   * @param {import("./store.js").Store} parts.store
   * @param {import("./history.js").History} parts.history
   * @param {import("./header.js").Header} parts.header
   * @param {() => Writing} parts.writing writing.js's, which needs this one to be there
   * @param {() => void} parts.onChange
   */
  constructor(element, { store, history, header, writing, onChange }) {
    Object.assign(this, { element, store, history, header, writing, onChange });
    this.connection = new Connection({
      url: socketUrl(element.dataset.slug),
      WebSocket: globalThis.WebSocket,
      onFrame: (frame) => this.received(frame),
      onState: (...state) => this.stateChanged(...state),
      onStartAgain: () => this.history.startAgain(),
      isVisible: () => document.visibilityState === "visible",
    });
    /** Whether sockets are refused while the server answers over HTTP. */
    this.isDegraded = false;
    this.hasBeenLive = false;
    this.stopCode = null;
  }

  get isLive() {
    return this.connection.state === "live";
  }

  open() {
    this.cookie = csrfCookie(this.element);
    this.connection.open();
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
      if (persisted) this.reopen();
    });
  }

  /** Connects anew: the handshake carries the cookies, so only a new socket knows who somebody is now. */
  reopen() {
    this.cookie = csrfCookie(this.element);
    this.connection.reopen();
  }

  send(frame) {
    return this.connection.send(frame);
  }

  woke() {
    // Somebody logged in elsewhere while this page was out of sight.
    if (csrfCookie(this.element) !== this.cookie) this.reopen();
    else this.connection.wake();
    if (!this.isLive) this.history.catchUp();
    this.showStatus();
  }

  received(frame) {
    if (typeof frame.seq === "number" && typeof frame.prev === "number") {
      if (frame.type === "message" && !isComment(frame)) console.error("comments: not a comment", frame);
      if (this.store.receive(frame) === "gap") this.history.catchUp();
      this.onChange();
    } else if (Object.hasOwn(this.frames, frame.type)) {
      this.frames[frame.type](frame);
    }
  }

  frames = {
    welcome: (frame) => this.welcomed(frame),
    pong: ({ epoch, seq }) => this.compare(epoch, seq),
    presence: (frame) => this.header.setPeople(frame, this.writing().user?.id),
    typing: (frame) => this.header.setTyping(frame, this.writing().user?.id),
    ack: (frame) => this.writing().sender.acked(frame),
    error: (frame) => this.writing().sender.refused(frame),
  };

  welcomed({ epoch, seq, user, policy }) {
    // The server names those who type to a newcomer, and says nothing where nobody does.
    this.header.setTyping(null);
    this.writing().setUser(user);
    if (seq >= this.store.seq) this.store.policy = policy;
    this.compare(epoch, seq);
    this.onChange();
    this.writing().sender.pump();
  }

  compare(epoch, seq) {
    const place = this.store.hear(epoch, seq);
    if (place === "reset") this.history.startAgain();
    else if (place === "behind") this.history.catchUp();
  }

  async stateChanged(state, failures, code) {
    const { sender } = this.writing();
    this.stopCode = state === "stopped" ? code : null;
    if (state === "live") this.isDegraded = false;
    else if (this.wasLive) sender.lost();
    this.wasLive = state === "live";
    sender.overHttp = state === "stopped" || (state !== "live" && failures >= PATIENCE);
    this.showStatus();
    if (!sender.overHttp || state === "connecting") return;
    // The server may be well, and only sockets refused.
    const answers = await this.history.catchUp();
    if (this.isLive) return;
    this.isDegraded = answers;
    this.showStatus();
    if (answers) sender.pump();
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
}
