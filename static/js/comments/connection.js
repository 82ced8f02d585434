/**
 * One WebSocket at a time, for as long as the page is open and visible.
 *
 * The only file that touches WebSocket; the class, the clock and the timers are arguments.
 */

import { Backoff, START_AGAIN, mayReconnect } from "./backoff.js";

const SUBPROTOCOL = "comments.v1";
const PING_EVERY = 20_000; // ms
const SILENCE = 30_000; // ms without a frame after which a socket is given up
const PROBE = 4_000; // ms that a doubted socket has for any answer
const OPENING = 10_000; // ms from the handshake's start to `welcome`
const STEADY = 5_000; // ms after which a connection counts as good, and waits start from the shortest again
const HEARTBEAT_MISSED = 4003;
const LONGEST_WAIT = 300_000; // ms that a server may ask for; timers overflow at some length, and fire at once

/** @typedef {"connecting" | "live" | "waiting" | "stopped"} State */

export class Connection {
  /**
   * @param {object} options
   * @param {string} options.url
   * @param {typeof WebSocket} options.WebSocket
   * @param {(frame: object) => void} options.onFrame every frame, in order
   * @param {(state: State, failures: number, code: number | null) => void} options.onState `code`: why it stopped
   * @param {() => void} options.onStartAgain the server voided the position
   * @param {() => boolean} [options.isVisible]
   * @param {{now: () => number, set: typeof setTimeout, clear: typeof clearTimeout}} [options.clock]
   * @param {Backoff} [options.backoff]
   */
  constructor({ url, WebSocket, onFrame, onState, onStartAgain, isVisible, clock, backoff }) {
    Object.assign(this, { url, WebSocket, onFrame, onState, onStartAgain });
    this.isVisible = isVisible ?? (() => true);
    this.clock = clock ?? CLOCK;
    this.backoff = backoff ?? new Backoff();
    this.socket = null;
    this.state = "connecting";
    this.bye = null;
    this.timers = new Map();
  }

  /** Connects now, whatever wait was running. */
  open() {
    this.drop();
    this.setState("connecting");
    this.at("opening", OPENING, () => this.lost({ code: 1006 }));
    try {
      this.socket = new this.WebSocket(this.url, [SUBPROTOCOL]);
    } catch (error) {
      console.error("comments: the socket could not be made", error);
      this.lost({ code: 1006 });
      return;
    }
    const socket = this.socket;
    socket.onmessage = ({ data }) => this.received(data);
    socket.onclose = (event) => this.lost(event);
  }

  /** Connects anew, as whoever the cookies now say. */
  reopen() {
    this.backoff.reset();
    this.open();
  }

  /** Leaves; nothing is tried again until `open`. */
  close() {
    this.drop();
    this.setState("waiting");
  }

  /** @returns {boolean} whether the frame was handed to a live socket */
  send(frame) {
    if (this.state !== "live") return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** The network or the page is back: there is no reason to wait any longer. */
  wake() {
    if (this.state === "live") this.doubt();
    else if (this.state === "waiting") this.reopen();
  }

  /** The network may be gone: the socket has a moment to prove otherwise. */
  doubt() {
    if (!this.send({ type: "ping", timestamp: this.clock.now() })) return;
    this.at("silence", PROBE, () => this.silent());
  }

  received(data) {
    this.at("silence", SILENCE, () => this.silent());
    let frames;
    try {
      const parsed = JSON.parse(data);
      frames = Array.isArray(parsed) ? parsed : [parsed];
    } catch (error) {
      console.error("comments: a frame that is not JSON", error);
      return;
    }
    for (const frame of frames) this.take(frame);
  }

  take(frame) {
    try {
      if (frame.type === "bye") this.bye = frame;
      else if (frame.type === "welcome") this.welcomed();
      this.onFrame(frame);
    } catch (error) {
      // One bad frame must not cost the ones after it.
      console.error("comments: a frame could not be used", frame, error);
    }
  }

  welcomed() {
    this.clear("opening");
    this.at("steady", STEADY, () => this.backoff.reset());
    this.at("ping", PING_EVERY, () => this.ping());
    this.setState("live");
  }

  ping() {
    this.send({ type: "ping", timestamp: this.clock.now() });
    this.at("ping", PING_EVERY, () => this.ping());
  }

  silent() {
    this.lost({ code: HEARTBEAT_MISSED });
  }

  /** The socket is gone, or as good as gone. A dead one may take minutes to say so: it is not waited for. */
  lost({ code }) {
    const { bye } = this;
    const final = bye?.reconnect === false || !mayReconnect(code) || (bye && !mayReconnect(bye.code));
    this.drop(code === HEARTBEAT_MISSED ? code : undefined);
    if ((bye?.code ?? code) === START_AGAIN) this.onStartAgain();
    if (final) {
      this.setState("stopped", bye?.code ?? code);
      return;
    }
    const asked = bye?.retry_after > 0 ? Math.min(bye.retry_after * 1000, LONGEST_WAIT) : null;
    const wait = asked ?? this.backoff.next();
    if (this.isVisible()) this.at("retry", wait, () => this.open());
    this.setState("waiting");
  }

  /** Lets go of the socket and of every timer. */
  drop(code = 1000) {
    for (const name of [...this.timers.keys()]) this.clear(name);
    const { socket } = this;
    this.socket = this.bye = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  setState(state, code = null) {
    this.state = state;
    this.onState(state, this.backoff.failures, code);
  }

  at(name, delay, action) {
    this.clear(name);
    this.timers.set(name, this.clock.set(() => (this.timers.delete(name), action()), delay));
  }

  clear(name) {
    this.clock.clear(this.timers.get(name));
    this.timers.delete(name);
  }
}

const CLOCK = {
  now: () => Date.now(),
  set: (action, delay) => setTimeout(action, delay),
  clear: (timer) => clearTimeout(timer),
};
