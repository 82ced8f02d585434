/**
 * One way to the server, kept open for as long as the page is: opened, watched, given up, opened again.
 *
 * What a way is (a socket, a stream, polling) is an argument, and so are the clock and the timers.
 */

import { Backoff, waitAsked } from "./backoff.js";
import { CLOCK, Timers } from "./clock.js";
import { HEARTBEAT_MISSED, RESET, TOO_MANY } from "./codes.js";
import { Line } from "./line.js";
import { isLive, readEnd } from "./states.js";

/**
 * @import { Clock } from "./clock.js"
 * @import { Way } from "./line.js"
 * @import { End, State } from "./states.js"
 * @import { Bye, ClientFrame, ServerFrame, Welcome } from "./wire.js"
 */

const STEADY = 5_000; // ms after `welcome`; a sign of life after them proves that the connection carries anything

export class Connection {
  #onFrame;
  #onState;
  #onReset;
  #isVisible;
  #isServed;
  #clock;
  #backoff;
  #timers;
  /** @type {Line | null} */
  #line = null;
  /** @type {Bye | null} */
  #bye = null;
  /** When the last sign of life came. */
  #heardAt = 0;
  /** Bytes of a frame that the server takes, as its last `welcome` says. */
  frameLimit = Infinity;
  /** @type {State} */
  state = { name: "closed" };

  /**
   * @param {object} options
   * @param {Way} options.way
   * @param {(frame: ServerFrame) => void} options.onFrame every frame, in order
   * @param {() => void} options.onState the state is another, and it was not `close` that made it so
   * @param {() => void} options.onReset the server voided the position
   * @param {() => boolean} [options.isVisible]
   * @param {() => boolean} [options.isServed] whether another way serves, so that there is no hurry
   * @param {Clock} [options.clock]
   * @param {Backoff} [options.backoff]
   */
  constructor({ way, onFrame, onState, onReset, isVisible, isServed, clock = CLOCK, backoff }) {
    this.way = way;
    this.#onFrame = onFrame;
    this.#onState = onState;
    this.#onReset = onReset;
    this.#isVisible = isVisible ?? (() => true);
    this.#isServed = isServed ?? (() => false);
    this.#clock = clock;
    this.#backoff = backoff ?? new Backoff();
    this.#timers = new Timers(clock);
  }

  /** Connects now, whatever wait was running. */
  open() {
    this.#drop();
    this.#enter({ name: "connecting" });
    this.#timers.set("opening", this.way.opening, () => this.#lost({ refused: true }));
    this.#line = new Line({
      frame: (frame) => this.#take(frame),
      sign: () => this.#heard(),
      closed: (end) => this.#lost(end),
    });
    this.#line.open(this.way);
  }

  /** Connects anew, as whoever the cookies now say. */
  reopen() {
    this.#backoff.reset();
    this.open();
  }

  /** Leaves; nothing is tried again until it is woken or opened. The caller is not told what it knows. */
  close() {
    this.#drop();
    this.state = { name: "closed" };
  }

  /**
   * @param {ClientFrame} frame
   * @returns {boolean} whether the frame was handed to a live line that can send
   */
  send(frame) {
    return isLive(this.state) && this.#line !== null && this.#line.send(frame);
  }

  /** The network or the page is back: there is no reason to wait any longer. */
  wake() {
    if (isLive(this.state)) this.doubt();
    else if (this.state.name === "waiting" || this.state.name === "closed") this.reopen();
  }

  /** The network may be gone: the line has a moment to prove otherwise. */
  doubt() {
    const { ping, fresh = 0 } = this.way;
    if (!isLive(this.state)) return;
    if (ping) {
      this.#ping();
      this.#silentAfter(ping.within);
      return;
    }
    // It can't be asked; but it should have said something by then.
    // The computer's clock may have been set back meanwhile.
    const left = Math.min(this.#heardAt + fresh - this.#clock.now(), fresh);
    if (left > 0) this.#timers.set("silence", left, () => this.open());
    else this.open();
  }

  /**
   * What served instead is lost, and is tried again at this time: so is this one, if it would wait longer.
   * @param {number} retryAt
   */
  hurry(retryAt) {
    if (this.state.name !== "waiting" || this.state.retryAt <= retryAt) return;
    this.state = { ...this.state, retryAt };
    this.#retryAt(retryAt);
  }

  /** @param {number} retryAt */
  #retryAt(retryAt) {
    if (this.#isVisible()) this.#timers.set("retry", retryAt - this.#clock.now(), () => this.open());
  }

  #heard() {
    this.#heardAt = this.#clock.now();
    this.#silentAfter(this.way.silence);
    if (this.state.name !== "asked") return;
    // It carries: waits start from the shortest again.
    this.#backoff.reset();
    this.#enter({ name: "proved" });
  }

  /** @param {ServerFrame} frame */
  #take(frame) {
    if (frame.type === "bye") this.#bye = frame;
    else if (frame.type === "welcome") this.#welcomed(frame);
    this.#onFrame(frame);
  }

  /** @param {Welcome} welcome */
  #welcomed({ limits }) {
    this.frameLimit = limits?.frame ?? Infinity;
    this.#timers.clear("opening");
    this.#timers.set("steady", STEADY, () => this.#ask());
    this.#enter({ name: "welcomed" });
  }

  /** A `welcome` may come through where nothing after it does: what can be asked is asked now. */
  #ask() {
    this.state = { name: "asked" };
    if (!this.way.ping) return;
    this.#keepPinging(this.way.ping.every);
    this.#silentAfter(this.way.opening);
  }

  /** @param {number} every ms */
  #keepPinging(every) {
    this.#ping();
    this.#timers.set("ping", every, () => this.#keepPinging(every));
  }

  #ping() {
    this.send({ type: "ping", timestamp: this.#clock.now() });
  }

  /** @param {number} ms */
  #silentAfter(ms) {
    this.#timers.set("silence", ms, () => this.#lost({ code: HEARTBEAT_MISSED }));
  }

  /**
   * The line is gone, or as good as gone. A dead one may take minutes to say so: it is not waited for.
   * @param {End} end
   */
  #lost(end) {
    const { code, isFinal, isRefused, retry_after } = readEnd(end, this.#bye, this.state);
    this.#drop(end.code === HEARTBEAT_MISSED ? end.code : undefined);
    if (code === RESET) this.#onReset();
    if (isFinal && code !== TOO_MANY) {
      this.#enter({ name: "stopped", code });
      return;
    }
    const retryAt = this.#clock.now() + this.#backoff.after(code, waitAsked(retry_after), this.#isServed());
    this.#retryAt(retryAt);
    const { failures } = this.#backoff;
    this.#enter({ name: "waiting", retryAt, failures, isRefused, code: isFinal ? code : null });
  }

  /** Lets go of the line and of every timer. */
  #drop(code = 1000) {
    this.#timers.clearAll();
    this.#line?.close(code);
    this.#line = this.#bye = null;
  }

  /** @param {State} state */
  #enter(state) {
    this.state = state;
    this.#onState();
  }
}
