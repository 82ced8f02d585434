/** Keeps a thread's store equal to the server's, over whatever way there is, for as long as the page is open. */

import { isOnline, isVisible, watchBrowser } from "./browser.js";
import { pollingWay } from "./polling.js";
import { socketWay } from "./socket.js";
import { streamWay } from "./stream.js";
import { Transport } from "./transport.js";

/**
 * @import { History } from "./history.js"
 * @import { Store } from "../thread/store.js"
 * @import { Api } from "./api.js"
 * @import { Backoff } from "./backoff.js"
 * @import { Clock } from "./clock.js"
 * @import { Change, ClientFrame, ServerFrame, Welcome } from "./wire.js"
 *
 * @typedef {object} Status
 * @property {"connecting" | "live" | "reconnecting" | "offline" | "degraded" | "stopped"} name
 *   `degraded`: the server answers, and no way to hear from it is open; `stopped`: nothing is tried any more
 * @property {number | null} code close code, where there is one that says why
 */

export class Follower {
  /** @type {"connecting" | "reconnecting"} what a missing connection is called */
  #absence = "connecting";
  /** @type {string | undefined} */
  #cookieThen;
  /** @type {AbortController | null} ends the watch over the browser */
  #watch = null;
  #store;
  #history;
  #cookie;
  #onFrame;
  #onState;
  #onHope;

  /**
   * @param {object} options
   * @param {Api} options.api
   * @param {Store} options.store
   * @param {History} options.history
   * @param {{url: string | (() => string), WebSocket: typeof globalThis.WebSocket, token?: string | null}} options.socket
   * @param {() => string | undefined} [options.cookie] changes when somebody logs in, in any tab
   * @param {(frame: ServerFrame, serves: boolean) => void} options.onFrame every frame, once the store has taken what
   *   is in it; `serves`: whether its way is the one that serves
   * @param {() => void} options.onState
   * @param {() => void} [options.onHope] the network is back, or the page is looked at
   * @param {Clock} [options.clock]
   * @param {() => Backoff} [options.newBackoff]
   */
  constructor({ api, store, history, socket, cookie, onFrame, onState, onHope, clock, newBackoff }) {
    this.#store = store;
    this.#history = history;
    this.#cookie = cookie ?? (() => undefined);
    this.#onFrame = onFrame;
    this.#onState = onState;
    this.#onHope = onHope ?? (() => {});
    this.transport = new Transport({
      ways: [
        socketWay(socket),
        streamWay({ api, position: () => store }),
        pollingWay({ api, history, position: () => store, clock }),
      ],
      onFrame: (frame, serves) => this.#received(frame, serves),
      onState: () => this.#changed(),
      onReset: () => history.reset(),
      answers: () => history.isAnswered(),
      isVisible,
      clock,
      newBackoff,
    });
  }

  /** A socket is asked whether it lives; of the other ways the browser knows better. */
  get isLive() {
    return this.transport.isLive && (this.transport.hasSocket || isOnline());
  }

  /** @returns {"socket" | "http" | "none"} by which comments go out now */
  get route() {
    if (this.transport.hasSocket) return "socket";
    return this.transport.isCutOff || this.transport.state.name === "stopped" ? "http" : "none";
  }

  /** Bytes of a frame that the socket takes. */
  get frameLimit() {
    return this.transport.frameLimit;
  }

  /** @returns {Status | null} null: nothing new, because nobody looks at the page */
  get status() {
    const { state } = this.transport;
    if (state.name === "resting") return null;
    if (this.isLive) return { name: "live", code: null };
    if (state.name === "stopped") return state;
    if (!isOnline()) return { name: "offline", code: null };
    return state.name === "degraded" ? state : { name: this.#absence, code: null };
  }

  open() {
    this.#watchBrowser();
    this.transport.open();
  }

  /** Connects anew: the handshake carries the cookies, so only a new connection knows who somebody is now. */
  reopen() {
    this.#watchBrowser();
    this.transport.reopen();
  }

  /** Leaves, until `reopen`. */
  close() {
    this.#watch?.abort();
    this.transport.close();
  }

  /**
   * @param {ClientFrame} frame
   * @returns {boolean} whether there was a socket to send it
   */
  send(frame) {
    return this.transport.send(frame);
  }

  #watchBrowser() {
    this.#cookieThen = this.#cookie();
    this.#watch?.abort();
    this.#watch = new AbortController();
    watchBrowser(
      {
        onWake: () => this.#woke(),
        onOffline: () => {
          this.transport.doubt();
          this.#changed();
        },
        onHidden: () => this.transport.rest(),
        // A page that goes into the browser's back/forward cache may not hold a socket.
        onLeave: () => this.transport.close(),
        // Chromium says first that the page is looked at: then it connects already.
        onReturn: () => this.transport.state.name === "resting" && this.reopen(),
      },
      this.#watch.signal,
    );
  }

  #woke() {
    // Somebody logged in elsewhere while this page was out of sight.
    if (this.#cookie() !== this.#cookieThen) this.reopen();
    else this.transport.wake();
    // A socket answers a ping with where the thread is; nothing else can be asked. Out of sight, it can wait.
    if (!this.transport.hasSocket && isVisible()) this.#history.catchUp();
    this.#onHope();
  }

  #changed() {
    if (this.isLive) this.#absence = "reconnecting";
    this.#onState();
  }

  /**
   * @param {ServerFrame} frame
   * @param {boolean} serves
   */
  #received(frame, serves) {
    if (isChange(frame)) {
      if (this.#store.receive(frame) === "gap") this.#history.missed();
    } else if (frame.type === "reaction") {
      this.#store.react(frame);
    } else if (frame.type === "welcome") {
      this.#welcomed(frame);
    } else if (frame.type === "pong") {
      this.#compare(frame);
    }
    this.#onFrame(frame, serves);
  }

  /** @param {Welcome} welcome */
  #welcomed({ epoch, seq, reaction_seq, policy }) {
    if (seq >= this.#store.seq) this.#store.policy = policy ?? this.#store.policy;
    this.#compare({ epoch, seq, reaction_seq });
  }

  /** @param {{epoch: string, seq: number, reaction_seq?: number}} position where the server says that the thread is */
  #compare({ epoch, seq, reaction_seq }) {
    const position = this.#store.hear(epoch, seq, reaction_seq);
    if (position === "reset") this.#history.reset();
    else if (position === "behind") this.#history.catchUp();
  }
}

/**
 * @param {ServerFrame} frame
 * @returns {frame is Change}
 */
export function isChange(frame) {
  return "seq" in frame && "prev" in frame && typeof frame.seq === "number" && typeof frame.prev === "number";
}
