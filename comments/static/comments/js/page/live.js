/** The server's side: what its frames change, and what the state of the ways to it means for the page. */

import { csrfCookie, socketUrl } from "./page.js";
import { pollingWay } from "../client/polling.js";
import { socketWay } from "../client/socket.js";
import { isComment } from "../thread/store.js";
import { streamWay } from "../client/stream.js";
import { Transport } from "../client/transport.js";

export class Live {
  /**
   * @param {HTMLElement} element the section
   * @param {object} parts
   * @param {import("../client/api.js").Api} parts.api
   * @param {import("../thread/store.js").Store} parts.store
   * @param {import("../thread/history.js").History} parts.history
   * @param {import("./header.js").Header} parts.header
   * @param {() => Writing} parts.writing writing.js's, which needs this one to be there
   * @param {() => void} parts.onChange
   */
  constructor(element, { api, store, history, header, writing, onChange }) {
    Object.assign(this, { element, store, history, header, writing, onChange });
    this.transport = new Transport({
      ways: [
        socketWay({ url: socketUrl(element.dataset.slug), WebSocket: globalThis.WebSocket }),
        streamWay({ api, position: () => store }),
        pollingWay({ api, history, position: () => store }),
      ],
      onFrame: (frame, serves) => this.received(frame, serves),
      onState: () => this.stateChanged(),
      onReset: () => this.history.reset(),
      answers: () => this.history.isAnswered(),
      isVisible: () => document.visibilityState === "visible",
    });
    this.hasBeenLive = this.hadSocket = false;
  }

  /** A socket is asked whether it lives; of the other ways the browser knows better. */
  get isLive() {
    return this.transport.isLive && (this.transport.hasSocket || navigator.onLine);
  }

  open() {
    this.cookie = csrfCookie(this.element);
    this.transport.open();
    addEventListener("online", () => this.woke());
    addEventListener("offline", () => {
      this.transport.doubt();
      this.showStatus();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.woke();
      else this.transport.rest();
    });
    // A page that goes into the browser's back/forward cache may not hold a socket.
    addEventListener("pagehide", () => this.transport.close());
    addEventListener("pageshow", ({ persisted }) => {
      // Chromium says first that the page is looked at: then it connects already.
      if (persisted && this.transport.state.name === "resting") this.reopen();
    });
  }

  /** Connects anew: the handshake carries the cookies, so only a new connection knows who somebody is now. */
  reopen() {
    this.cookie = csrfCookie(this.element);
    this.transport.reopen();
  }

  send(frame) {
    return this.transport.send(frame);
  }

  woke() {
    // Somebody logged in elsewhere while this page was out of sight.
    if (csrfCookie(this.element) !== this.cookie) this.reopen();
    else this.transport.wake();
    // A socket answers a ping with where the thread is; nothing else can be asked. Out of sight, it can wait.
    if (!this.transport.hasSocket && document.visibilityState === "visible") this.history.catchUp();
    // The browser says that the network is back; a comment need not wait any longer to be sent.
    this.writing().sender.wake();
    this.showStatus();
  }

  /** @param {boolean} serves whether its way is the one that serves; another one may be open beside it */
  received(frame, serves) {
    if (typeof frame.seq === "number" && typeof frame.prev === "number") {
      if (frame.type === "message" && !isComment(frame)) console.error("comments: not a comment", frame);
      if (this.store.receive(frame) === "gap") this.history.missed();
      this.onChange();
    } else if (Object.hasOwn(this.frames, frame.type)) {
      this.frames[frame.type](frame, serves);
    }
  }

  frames = {
    welcome: (frame, serves) => this.welcomed(frame, serves),
    pong: ({ epoch, seq }) => this.compare(epoch, seq),
    presence: (frame) => this.header.setPeople(frame, this.writing().user?.id),
    typing: (frame) => this.header.setTyping(frame, this.writing().user?.id),
    ack: (frame) => this.writing().sender.acked(frame),
    error: (frame) => this.writing().sender.refused(frame),
  };

  welcomed({ epoch, seq, user, policy }, serves) {
    // The server names those who type to a newcomer, and says nothing where nobody does.
    if (serves) this.header.setTyping(null);
    this.writing().setUser(user);
    if (seq >= this.store.seq) this.store.policy = policy ?? this.store.policy;
    this.compare(epoch, seq);
    this.onChange();
    this.writing().sender.pump();
  }

  compare(epoch, seq) {
    const place = this.store.hear(epoch, seq);
    if (place === "reset") this.history.reset();
    else if (place === "behind") this.history.catchUp();
  }

  stateChanged() {
    const { sender } = this.writing();
    const { hasSocket, isCutOff, isLive, seesPeople, state } = this.transport;
    const isStopped = state.name === "stopped";
    if (this.hadSocket && !hasSocket) sender.lost();
    if (isStopped && !sender.overHttp) this.history.catchUp();
    this.hadSocket = hasSocket;
    sender.overHttp = isCutOff || isStopped;
    if (isLive) this.header.setSeesPeople(seesPeople);
    this.showStatus();
    // A socket knows its author by its cookies: nothing is sent before its `welcome` has said who that is.
    if (hasSocket ? this.transport.isProved : sender.overHttp) sender.pump();
  }

  showStatus() {
    const { state } = this.transport;
    // Nobody looks at a page that rests, and it has nothing new to say.
    if (state.name === "resting") return;
    this.hasBeenLive ||= this.isLive;
    if (this.isLive) this.header.setStatus("live");
    else if (state.name === "stopped") this.header.setStatus("off", state.code);
    else if (!navigator.onLine) this.header.setStatus("offline");
    else if (state.name === "degraded") this.header.setStatus("off", state.code);
    else this.header.setStatus(this.hasBeenLive ? "reconnecting" : "connecting");
  }
}
