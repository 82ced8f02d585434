/** All ways to the server as one: opens, changes over and leaves them, as chooser.js decides. */

import { endsAll } from "./backoff.js";
import { Chooser } from "./chooser.js";
import { CLOCK } from "./clock.js";
import { Connection } from "./connection.js";

/**
 * How long a page that nobody looks at keeps a stream or a question open. A browser has six connections to a site
 * that speaks HTTP/1.1, for all its tabs; sockets do not count among them.
 */
const LINGER = 5_000; // ms
/** Where a question whether the server answers led nowhere, the next one is no sooner: it costs a request. */
const ASK_EVERY = 20_000; // ms

export class Transport {
  /**
   * @param {object} options
   * @param {import("./connection.js").Way[]} options.ways best first; the first one is a socket
   * @param {(frame: object, serves: boolean) => void} options.onFrame `serves`: whether its way is the one that serves
   * @param {() => void} options.onState
   * @param {() => void} options.onStartAgain
   * @param {() => Promise<boolean>} options.answers asks over plain HTTP whether the server is there
   * @param {() => boolean} options.isVisible
   * @param {{now: () => number, set: typeof setTimeout, clear: typeof clearTimeout}} options.clock
   * @param {() => import("./backoff.js").Backoff} options.newBackoff
   */
  constructor({ ways, onFrame, onState, onStartAgain, answers, isVisible, clock = CLOCK, newBackoff = () => undefined }) {
    Object.assign(this, { onState, answers, isVisible, clock });
    this.chooser = new Chooser(ways.length);
    this.connections = ways.map(
      (way, index) =>
        new Connection({
          way,
          onFrame: (frame) => onFrame(frame, this.current === index),
          onState: () => this.changed(),
          onStartAgain,
          isVisible,
          isServed: () => this.isLive && this.current !== index,
          clock,
          backoff: newBackoff(),
        }),
    );
    /** Index of the way that serves, or -1. */
    this.current = -1;
    /** Whether the server answers, and yet no way is open to hear from it. */
    this.isDegraded = false;
    this.isResting = false;
    /** Runs until the server may be asked again. */
    this.pause = null;
  }

  get isLive() {
    return this.current !== -1;
  }

  /** Whether frames can be sent; where they can't, there is still HTTP. */
  get hasSocket() {
    return this.current === 0;
  }

  /** Whether what is live is seen to carry frames, and so had its `welcome` read. */
  get isProved() {
    return this.isLive && this.connections[this.current].isProved;
  }

  /** Whether sockets fail while the server answers: what is to be sent goes over HTTP. */
  get isCutOff() {
    return this.chooser.last > 0;
  }

  /** Whether what is live says who reads and who types. */
  get seesPeople() {
    return this.isLive && !this.connections[this.current].way.isBlind;
  }

  /** @returns {number | null} close code after which no way is tried any more */
  get stopCode() {
    const stopped = this.connections.filter(({ state }) => state === "stopped");
    const isEnd = stopped.length === this.connections.length;
    return (stopped.find(({ stopCode }) => endsAll(stopCode)) ?? (isEnd ? stopped[0] : null))?.stopCode ?? null;
  }

  /** @returns {number | null} close code that says most about why nothing is live */
  get reason() {
    return this.stopCode ?? this.connections.find(({ stopCode }) => stopCode !== null)?.stopCode ?? null;
  }

  /** The ways that are tried now. */
  get tried() {
    return this.connections.slice(0, this.chooser.last + 1);
  }

  open() {
    for (const connection of this.tried) connection.open();
  }

  /** Connects anew, as whoever the cookies now say, and whatever stopped it. */
  reopen() {
    this.close();
    this.isResting = false;
    this.mayAsk();
    for (const connection of this.tried) connection.reopen();
    if (!this.isVisible()) this.rest();
  }

  /** Leaves, until `reopen` or `wake`. */
  close() {
    this.isResting = true;
    for (const connection of this.connections) connection.close();
  }

  send(frame) {
    return this.hasSocket && this.connections[0].send(frame);
  }

  doubt() {
    for (const connection of this.tried) connection.doubt();
  }

  /** The page is looked at, or the network is back. */
  wake() {
    if (this.stopCode !== null) return;
    if (!this.isVisible()) {
      // What nobody looks at takes none of the connections that other tabs may need.
      this.connections[0].wake();
      return;
    }
    this.clock.clear(this.lingering);
    this.isResting = false;
    this.mayAsk();
    for (const connection of this.tried) connection.wake();
  }

  /** Nobody looks at the page: what other tabs may need is let go, and what they don't goes on. */
  rest() {
    this.clock.clear(this.lingering);
    this.lingering = this.clock.set(() => {
      if (this.isVisible() || this.hasSocket || this.stopCode !== null) return;
      this.isResting = true;
      for (const connection of this.tried.slice(1)) connection.close();
    }, LINGER);
  }

  changed() {
    // Leaving one way is a change of its own.
    if (this.isChanging) return;
    this.isChanging = true;
    const served = this.isLive;
    this.current = this.chooser.current(this.connections, this.current);
    if (this.isLive) this.isDegraded = false;
    // Where two are live, one is closed before the other: what goes on being live has not come back.
    if (this.isLive && !served) this.isResting = false;
    for (const way of this.chooser.settle(this.connections)) this.connections[way].close();
    if (this.stopCode !== null) this.leaveOthers();
    else if (served && !this.isLive) this.hurry();
    this.isChanging = false;
    this.onState();
    if (!this.isResting && this.stopCode === null && this.chooser.isStuck(this.connections)) this.fallBack();
  }

  leaveOthers() {
    for (const connection of this.connections) if (connection.state !== "stopped") connection.close();
    this.current = -1;
  }

  /** What served is lost, and the better ways were in no hurry. */
  hurry() {
    const { state, retryAt } = this.tried.at(-1);
    if (state === "closed") return;
    for (const connection of this.tried) connection.hurry(state === "waiting" ? retryAt : this.clock.now());
  }

  async fallBack() {
    if (this.isAsking || this.pause !== null || !this.isVisible()) return;
    this.isAsking = true;
    const answers = await this.answers().finally(() => (this.isAsking = false));
    if (!answers || !this.chooser.hasMore) this.askLater();
    if (this.isResting || !this.isVisible() || !this.chooser.isStuck(this.connections)) return;
    const next = answers ? this.chooser.fallBack() : null;
    this.isDegraded = answers && next === null;
    if (next === null) this.onState();
    else this.connections[next].open();
  }

  askLater() {
    this.pause = this.clock.set(() => {
      this.pause = null;
      this.changed();
    }, ASK_EVERY);
  }

  /** Something is different now: it may be asked at once. */
  mayAsk() {
    this.clock.clear(this.pause);
    this.pause = null;
  }
}
