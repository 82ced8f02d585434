/**
 * One way to the server, kept open for as long as the page is: opened, watched, given up, opened again.
 *
 * What a way is (a socket, a stream, polling) is an argument, and so are the clock and the timers.
 */

import {
  Backoff,
  GOING_AWAY,
  LONGEST_ASKED,
  LONGEST_SEARCH,
  START_AGAIN,
  TOO_MANY,
  mayReconnect,
  waitAsked,
} from "./backoff.js";
import { CLOCK } from "./clock.js";

const STEADY = 5_000; // ms after `welcome`; a sign of life after them proves that the connection carries anything
const HEARTBEAT_MISSED = 4003;
const LOST = 1006; // what a browser says of a socket that ended without a word

/** @typedef {"closed" | "connecting" | "live" | "waiting" | "stopped"} State */

/**
 * @typedef {object} Way how to reach the server
 * @property {(on: Listener) => Line} open
 * @property {number} opening ms from the start to `welcome`
 * @property {number} silence ms without a sign of life after which it is given up
 * @property {number} [pingEvery] ms; a way that has it can send
 * @property {number} [confirmEvery] characters received between two pings, which confirm them
 * @property {number} [probe] ms that a doubted one has for any answer to a ping
 * @property {number} [fresh] ms after a sign of life until a doubted one that can't ping is made anew
 * @property {boolean} [isBlind] whether it says nothing of who reads and who types
 *
 * @typedef {object} Listener
 * @property {(text: string) => void} data frames came, as JSON
 * @property {() => void} sign something came, be it no frame
 * @property {(end: {code?: number, retry_after?: number, refused?: boolean}) => void} closed
 *   `refused`: the server was reached, and this way does not lead there
 *
 * @typedef {{send?: (text: string) => void, close: (code: number) => void}} Line
 */

export class Connection {
  /**
   * @param {object} options
   * @param {Way} options.way
   * @param {(frame: object) => void} options.onFrame every frame, in order
   * @param {() => void} options.onState
   * @param {() => void} options.onStartAgain the server voided the position
   * @param {() => boolean} [options.isVisible]
   * @param {() => boolean} [options.isServed] whether another way serves, so that there is no hurry
   * @param {{now: () => number, set: typeof setTimeout, clear: typeof clearTimeout}} [options.clock]
   * @param {Backoff} [options.backoff]
   */
  constructor({ way, onFrame, onState, onStartAgain, isVisible, isServed, clock, backoff }) {
    Object.assign(this, { way, onFrame, onState, onStartAgain });
    this.isVisible = isVisible ?? (() => true);
    this.isServed = isServed ?? (() => false);
    this.clock = clock ?? CLOCK;
    this.backoff = backoff ?? new Backoff();
    this.line = null;
    this.bye = null;
    this.timers = new Map();
    /** @type {State} */
    this.state = "closed";
    /** Close code, once it stopped, or waits although it was told not to come back. */
    this.stopCode = null;
    /** Whether it is live, and was welcomed long enough ago for a sign of life to prove it. */
    this.isAged = false;
    /** Whether it is live, and was seen to carry more than its `welcome`. */
    this.isProved = false;
    /** Whether the last attempt showed that this way leads nowhere, more than any broken connection does. */
    this.isRefused = false;
    this.heardAt = this.retryAt = 0;
  }

  get failures() {
    return this.backoff.failures;
  }

  /** Connects now, whatever wait was running. */
  open() {
    this.drop();
    this.setState("connecting");
    /** Messages received on this line, and the characters of those that no ping has confirmed. */
    this.messages = this.unconfirmed = 0;
    this.at("opening", this.way.opening, () => this.lost({ refused: true }));
    const line = {};
    const current = (action) => (value) => {
      if (this.line === line) action(value);
    };
    this.line = line;
    try {
      Object.assign(
        line,
        this.way.open({
          data: current((text) => this.received(text)),
          sign: current(() => this.heard()),
          closed: current((end) => this.lost(end)),
        }),
      );
    } catch (error) {
      console.error("comments: a connection could not be made", error);
      this.lost({});
    }
  }

  /** Connects anew, as whoever the cookies now say. */
  reopen() {
    this.backoff.reset();
    this.open();
  }

  /** Leaves; nothing is tried again until it is woken or opened. */
  close() {
    if (this.state === "closed") return;
    this.drop();
    this.setState("closed");
  }

  /** @returns {boolean} whether the frame was handed to a live line that can send */
  send(frame) {
    if (this.state !== "live" || !this.line.send) return false;
    this.line.send(JSON.stringify(frame));
    return true;
  }

  /** The network or the page is back: there is no reason to wait any longer. */
  wake() {
    if (this.state === "live") this.doubt();
    else if (this.state === "waiting" || this.state === "closed") this.reopen();
  }

  /** The network may be gone: the line has a moment to prove otherwise. */
  doubt() {
    if (this.sendPing()) {
      this.at("silence", this.way.probe, () => this.silent());
    } else if (this.state === "live") {
      // It can't be asked; but it should have said something by then.
      // The computer's clock may have been set back meanwhile.
      const left = Math.min(this.heardAt + this.way.fresh - this.clock.now(), this.way.fresh);
      if (left > 0) this.at("silence", left, () => this.open());
      else this.open();
    }
  }

  /** What served instead is lost, and is tried again at this time: so is this one, if it would wait longer. */
  hurry(retryAt) {
    if (this.state === "waiting" && this.retryAt > retryAt) this.retry(retryAt - this.clock.now());
  }

  retry(wait) {
    this.retryAt = this.clock.now() + wait;
    if (this.isVisible()) this.at("retry", wait, () => this.open());
  }

  received(data) {
    this.heard();
    this.messages += 1;
    this.unconfirmed += data.length;
    let frames;
    try {
      const parsed = JSON.parse(data);
      frames = Array.isArray(parsed) ? parsed : [parsed];
    } catch (error) {
      console.error("comments: a frame that is not JSON", error);
      return;
    }
    for (const frame of frames) this.take(frame);
    if (this.unconfirmed >= this.way.confirmEvery) this.sendPing();
  }

  heard() {
    this.heardAt = this.clock.now();
    this.at("silence", this.way.silence, () => this.silent());
    if (this.isAged && !this.isProved) this.proved();
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
    this.at("steady", STEADY, () => this.aged());
    this.isRefused = false;
    this.setState("live");
  }

  /** A `welcome` may come through where nothing after it does: what can be asked is asked now. */
  aged() {
    this.isAged = true;
    if (!this.way.pingEvery) return;
    this.ping();
    this.at("silence", this.way.opening, () => this.silent());
  }

  /** It carries: waits start from the shortest again. */
  proved() {
    this.isProved = true;
    this.backoff.reset();
    this.onState();
  }

  ping() {
    this.sendPing();
    this.at("ping", this.way.pingEvery, () => this.ping());
  }

  /** Asks for a sign of life, and confirms what came: some servers send no further without that. */
  sendPing() {
    this.unconfirmed = 0;
    return this.send({ type: "ping", timestamp: this.clock.now(), received: this.messages });
  }

  silent() {
    this.lost({ code: HEARTBEAT_MISSED });
  }

  /** The line is gone, or as good as gone. A dead one may take minutes to say so: it is not waited for. */
  lost({ code = LOST, retry_after = null, refused = false }) {
    const { bye, isAged, isProved } = this;
    const why = bye?.code ?? code;
    const isFinal = bye?.reconnect === false || !mayReconnect(code) || (bye && !mayReconnect(bye.code));
    this.drop(code === HEARTBEAT_MISSED ? code : undefined);
    if (why === START_AGAIN) this.onStartAgain();
    this.stopCode = isFinal ? why : null;
    if (isFinal && why !== TOO_MANY) {
      this.setState("stopped");
      return;
    }
    // Doubted before it was aged, it had not been asked for its first sign: that is the network, not the way.
    const isHollow = code === HEARTBEAT_MISSED && isAged && !isProved;
    this.isRefused = refused || isHollow || why === TOO_MANY;
    this.retry(this.waitAfter(why, waitAsked(bye?.retry_after ?? retry_after)));
    this.setState("waiting");
  }

  /** Every end is a failure, except a server's that goes away in order: it spreads its readers itself. */
  waitAfter(code, asked) {
    if (code === GOING_AWAY && asked > 0) return asked;
    const least = code === TOO_MANY ? Math.max(asked, LONGEST_SEARCH) : asked;
    return Math.min(least + this.backoff.next(this.isServed()), LONGEST_ASKED);
  }

  /** Lets go of the line and of every timer. */
  drop(code = 1000) {
    for (const name of [...this.timers.keys()]) this.clear(name);
    const { line } = this;
    this.line = this.bye = null;
    this.isAged = this.isProved = false;
    line?.close?.(code);
  }

  setState(state) {
    this.state = state;
    if (state !== "stopped" && state !== "waiting") this.stopCode = null;
    this.onState();
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
