/** The ways to the server, and what the browser knows of them: the network, the page's visibility, who is logged in. */

import { isOnline, isVisible, watchBrowser } from "../client/browser.js";
import { pollingWay } from "../client/polling.js";
import { socketWay } from "../client/socket.js";
import { streamWay } from "../client/stream.js";
import { Transport } from "../client/transport.js";

/**
 * @import { Api } from "../client/api.js"
 * @import { ClientFrame, ServerFrame } from "../client/wire.js"
 * @import { History } from "../thread/history.js"
 * @import { Status } from "./header.js"
 */

export class Live {
  /** @type {"connecting" | "reconnecting"} what is said while there is no connection */
  #absence = "connecting";
  /** @type {string | undefined} */
  #cookie;

  /**
   * @param {object} parts
   * @param {Api} parts.api
   * @param {History} parts.history
   * @param {string} parts.socket address of the socket
   * @param {() => string | undefined} parts.cookie changes when somebody logs in, in any tab
   * @param {(frame: ServerFrame, serves: boolean) => void} parts.onFrame
   * @param {() => void} parts.onState
   * @param {() => void} parts.onHope the network is back, or the page is looked at
   */
  constructor({ api, history, socket, cookie, onFrame, onState, onHope }) {
    this.history = history;
    this.cookie = cookie;
    this.onState = () => {
      if (this.isLive) this.#absence = "reconnecting";
      onState();
    };
    this.onHope = onHope;
    this.transport = new Transport({
      ways: [
        socketWay({ url: socket, WebSocket: globalThis.WebSocket }),
        streamWay({ api, position: () => history.store }),
        pollingWay({ api, history, position: () => history.store }),
      ],
      onFrame,
      onState: () => this.onState(),
      onReset: () => history.reset(),
      answers: () => history.isAnswered(),
      isVisible,
    });
  }

  /** A socket is asked whether it lives; of the other ways the browser knows better. */
  get isLive() {
    return this.transport.isLive && (this.transport.hasSocket || isOnline());
  }

  /** Whether it has ended for good. */
  get isStopped() {
    return this.transport.state.name === "stopped";
  }

  /** @returns {"socket" | "http" | "none"} by which comments go out now */
  get route() {
    if (this.transport.hasSocket) return "socket";
    return this.transport.isCutOff || this.isStopped ? "http" : "none";
  }

  get mayPost() {
    return this.route === "http";
  }

  /** Whether the server is known to take this page for its author: a socket has said so in its `welcome`. */
  get isSure() {
    return this.route === "socket" ? this.transport.isProved : this.mayPost;
  }

  /** @returns {{status: Status, code?: number | null} | null} for the reader; null: nothing new */
  get status() {
    const { seesPeople, state } = this.transport;
    // Nobody looks at a page that rests.
    if (state.name === "resting") return null;
    if (this.isLive) return { status: seesPeople ? "live" : "blind" };
    if (state.name === "stopped") return { status: "off", code: state.code };
    if (!isOnline()) return { status: "offline" };
    if (state.name === "degraded") return { status: "off", code: state.code };
    return { status: this.#absence };
  }

  open() {
    this.#cookie = this.cookie();
    this.transport.open();
    watchBrowser({
      onWake: () => this.#woke(),
      onOffline: () => {
        this.transport.doubt();
        this.onState();
      },
      onHidden: () => this.transport.rest(),
      // A page that goes into the browser's back/forward cache may not hold a socket.
      onLeave: () => this.transport.close(),
      // Chromium says first that the page is looked at: then it connects already.
      onReturn: () => this.transport.state.name === "resting" && this.reopen(),
    });
  }

  /** Connects anew: the handshake carries the cookies, so only a new connection knows who somebody is now. */
  reopen() {
    this.#cookie = this.cookie();
    this.transport.reopen();
  }

  /**
   * @param {ClientFrame} frame
   * @returns {boolean} whether there was a socket to send it
   */
  send(frame) {
    return this.transport.send(frame);
  }

  #woke() {
    // Somebody logged in elsewhere while this page was out of sight.
    if (this.cookie() !== this.#cookie) this.reopen();
    else this.transport.wake();
    // A socket answers a ping with where the thread is; nothing else can be asked. Out of sight, it can wait.
    if (!this.transport.hasSocket && isVisible()) this.history.catchUp();
    this.onHope();
  }
}
