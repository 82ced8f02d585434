/** Now and then asks the server whether the page shows what the database holds, and has it start again where not. */

import { isVisible } from "./browser.js";
import { CLOCK, Timers } from "./clock.js";

/**
 * @import { Api } from "./api.js"
 * @import { Clock } from "./clock.js"
 * @import { Follower } from "./follower.js"
 * @import { Shown, Verified } from "./wire.js"
 *
 * @typedef {{epoch: string, seq: number, isBehind(): boolean}} Position
 */

const MOST_DIFFERENCES = 6; // in a row, each of which doubles the time until the next question

export class Verifier {
  #differences = 0;
  /** @type {Shown | null} the question that waits for its answer */
  #asked = null;
  #timers;
  #options;

  /**
   * @param {object} options
   * @param {Pick<Follower, "isLive" | "route" | "send">} options.line
   * @param {Pick<Api, "verify">} options.api
   * @param {number} options.period ms between two questions, half of it more or less; 0: none is asked
   * @param {Position} options.store
   * @param {() => Shown | null} options.shown what the page shows; null where nothing can be said of it
   * @param {() => void} options.onDifference the page has to start again from a snapshot
   * @param {Clock} [options.clock]
   * @param {() => number} [options.random] a number in [0, 1)
   */
  constructor(options) {
    this.#options = { random: Math.random, ...options };
    this.#timers = new Timers(options.clock ?? CLOCK);
  }

  start() {
    const { period, random } = this.#options;
    if (!period) return;
    // Where starting again does not help, it is not done again and again.
    const longer = 2 ** Math.min(this.#differences, MOST_DIFFERENCES);
    this.#timers.set("ask", period * longer * (0.5 + random()), () => {
      this.start();
      this.ask();
    });
  }

  stop() {
    this.#timers.clearAll();
  }

  /** Asks once, unless nobody looks at the page, or it knows that it lacks something. */
  ask() {
    const { line, api, store, shown } = this.#options;
    this.#asked = null;
    if (!isVisible() || !line.isLive || store.isBehind()) return;
    const asked = (this.#asked = shown());
    if (!asked || line.send({ type: "verify", ...asked }) || line.route !== "http") return;
    api.verify(asked).then(
      (answer) => this.heard(answer),
      () => {}, // what can't be asked now is asked later
    );
  }

  /** @param {Pick<Verified, "seq" | "same">} answer */
  heard({ seq, same }) {
    const asked = this.#asked;
    this.#asked = null;
    const { store, onDifference } = this.#options;
    // What has changed since the question is another page.
    if (!asked || same === null || seq !== asked.seq || seq !== store.seq || asked.epoch !== store.epoch) return;
    this.#differences = same ? 0 : this.#differences + 1;
    if (same) return;
    this.start();
    console.error("comments: the page differed");
    onDifference();
  }
}
