/** All ways to the server as one: opens, changes over and leaves them, as chooser.js decides. */

import { Chooser, reasonOf, stopCodeOf } from "./chooser.js";
import { CLOCK, Timers } from "./clock.js";
import { Connection } from "./connection.js";

/**
 * @import { Backoff } from "./backoff.js"
 * @import { Clock } from "./clock.js"
 * @import { Way } from "./line.js"
 * @import { ClientFrame, ServerFrame } from "./wire.js"
 */

/**
 * How long a page that nobody looks at keeps a stream or a question open. A browser has six connections to a site
 * that speaks HTTP/1.1, for all its tabs; sockets do not count among them.
 */
const LINGER = 5_000; // ms
/** Where a question whether the server answers led nowhere, the next one is no sooner: it costs a request. */
const ASK_EVERY = 20_000; // ms

/**
 * @typedef {{name: "searching"}} Searching no way is open yet
 * @typedef {{name: "live", way: number}} Live the way of this index serves
 * @typedef {{name: "degraded", code: number | null}} Degraded the server answers, and yet no way is open; a close code
 *   may say why
 * @typedef {{name: "resting"}} Resting nobody looks at the page, or it was left
 * @typedef {{name: "stopped", code: number}} Stopped for good, with the close code
 * @typedef {Searching | Live | Degraded | Resting | Stopped} TransportState
 */

export class Transport {
  /** @type {TransportState} */
  state = { name: "searching" };
  /** One for each way. @type {readonly Connection[]} */
  connections;
  #onState;
  #answers;
  #isVisible;
  #clock;
  #timers;
  #chooser;
  /** The question whether the server answers. @type {"free" | "asking" | "paused"} */
  #question = "free";

  /**
   * @param {object} options
   * @param {Way[]} options.ways best first; the first one is a socket
   * @param {(frame: ServerFrame, serves: boolean) => void} options.onFrame
   *   `serves`: whether its way is the one that serves
   * @param {() => void} options.onState
   * @param {() => void} options.onReset the server voided the position
   * @param {() => Promise<boolean>} options.answers asks over plain HTTP whether the server is there
   * @param {() => boolean} options.isVisible
   * @param {Clock} [options.clock]
   * @param {() => Backoff | undefined} [options.newBackoff]
   */
  constructor({ ways, onFrame, onState, onReset, answers, isVisible, clock = CLOCK, newBackoff = () => undefined }) {
    this.#onState = onState;
    this.#answers = answers;
    this.#isVisible = isVisible;
    this.#clock = clock;
    this.#timers = new Timers(clock);
    this.#chooser = new Chooser(ways.length);
    this.connections = ways.map(
      (way, index) =>
        new Connection({
          way,
          onFrame: (frame) => onFrame(frame, this.#serving === index),
          onState: () => this.#changed(),
          onReset,
          isVisible,
          isServed: () => this.#serving !== -1 && this.#serving !== index,
          clock,
          backoff: newBackoff(),
        }),
    );
  }

  /** Bytes of a frame that the socket takes. */
  get frameLimit() {
    return this.connections[0].frameLimit;
  }

  get isLive() {
    return this.state.name === "live";
  }

  /** Whether frames can be sent; where they can't, there is still HTTP. */
  get hasSocket() {
    return this.#serving === 0;
  }

  /** Whether what is live is seen to carry frames, and so had its `welcome` read. */
  get isProved() {
    return this.state.name === "live" && this.connections[this.state.way].state.name === "proved";
  }

  /** Whether sockets fail while the server answers: what is to be sent goes over HTTP. */
  get isCutOff() {
    return this.#chooser.last > 0;
  }

  /** Whether what is live says who reads and who types. */
  get seesPeople() {
    return this.state.name === "live" && !this.connections[this.state.way].way.isBlind;
  }

  open() {
    for (const connection of this.#tried) connection.open();
  }

  /** Connects anew, as whoever the cookies now say, and whatever stopped it. */
  reopen() {
    for (const connection of this.connections) connection.close();
    this.#enter({ name: "searching" });
    this.#mayAsk();
    for (const connection of this.#tried) connection.reopen();
    if (!this.#isVisible()) this.rest();
  }

  /** Leaves, until `reopen` or `wake`. */
  close() {
    this.#timers.clear("linger");
    this.#mayAsk();
    for (const connection of this.connections) connection.close();
    this.#enter({ name: "resting" });
  }

  /** @param {ClientFrame} frame */
  send(frame) {
    return this.hasSocket && this.connections[0].send(frame);
  }

  doubt() {
    for (const connection of this.#tried) connection.doubt();
  }

  /** The page is looked at, or the network is back. */
  wake() {
    if (this.state.name === "stopped") return;
    if (!this.#isVisible()) {
      // What nobody looks at takes none of the connections that other tabs may need.
      this.connections[0].wake();
      return;
    }
    this.#timers.clear("linger");
    if (this.state.name === "resting") this.state = { name: "searching" };
    this.#mayAsk();
    for (const connection of this.#tried) connection.wake();
  }

  /** Nobody looks at the page: what other tabs may need is let go, and what they don't goes on. */
  rest() {
    this.#timers.set("linger", LINGER, () => {
      if (this.#isVisible() || this.hasSocket || this.state.name === "stopped") return;
      for (const connection of this.#tried.slice(1)) connection.close();
      this.#enter({ name: "resting" });
    });
  }

  /** @returns {number} index of the way that serves, or -1 */
  get #serving() {
    return this.state.name === "live" ? this.state.way : -1;
  }

  /** The ways that are tried now. */
  get #tried() {
    return this.connections.slice(0, this.#chooser.last + 1);
  }

  get #states() {
    return this.connections.map(({ state }) => state);
  }

  /** A connection's state is another. */
  #changed() {
    const served = this.isLive;
    this.#choose();
    if (served && this.state.name === "searching") this.#hurry();
    this.#onState();
    this.#fallBackIfStuck();
  }

  #choose() {
    const code = stopCodeOf(this.#states);
    if (code !== null) {
      for (const connection of this.connections) if (connection.state.name !== "stopped") connection.close();
      this.state = { name: "stopped", code };
      return;
    }
    const way = this.#chooser.current(this.#states, this.#serving);
    for (const worse of this.#chooser.settle(this.#states)) this.connections[worse].close();
    if (way !== -1) this.state = { name: "live", way };
    else if (this.isLive) this.state = { name: "searching" };
  }

  /** What served is lost, and the better ways were in no hurry. */
  #hurry() {
    const { state } = this.connections[this.#chooser.last];
    if (state.name === "closed") return;
    const retryAt = state.name === "waiting" ? state.retryAt : this.#clock.now();
    for (const connection of this.#tried) connection.hurry(retryAt);
  }

  get #isStuck() {
    const { name } = this.state;
    return (name === "searching" || name === "degraded") && this.#chooser.isStuck(this.#states);
  }

  async #fallBackIfStuck() {
    if (!this.#isStuck || this.#question !== "free" || !this.#isVisible()) return;
    this.#question = "asking";
    const answers = await this.#answers().finally(() => (this.#question = "free"));
    if (this.state.name === "resting") return;
    if (!answers || !this.#chooser.hasMore) this.#askLater();
    if (!this.#isStuck || !this.#isVisible()) return;
    const next = answers ? this.#chooser.fallBack() : null;
    const isDegraded = answers && next === null;
    this.#enter(isDegraded ? { name: "degraded", code: reasonOf(this.#states) } : { name: "searching" });
    if (next !== null) this.connections[next].open();
  }

  #askLater() {
    this.#question = "paused";
    this.#timers.set("question", ASK_EVERY, () => {
      this.#question = "free";
      this.#fallBackIfStuck();
    });
  }

  /** Something is different now: it may be asked at once. */
  #mayAsk() {
    if (this.#question !== "paused") return;
    this.#timers.clear("question");
    this.#question = "free";
  }

  /** @param {TransportState} state */
  #enter(state) {
    this.state = state;
    this.#onState();
  }
}
