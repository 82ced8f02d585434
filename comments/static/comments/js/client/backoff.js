/** How long to wait before the next attempt. Pure: randomness is an argument. */

import { GOING_AWAY, TOO_MANY } from "./codes.js";

const FIRST_WAIT = 500; // ms
const LONGEST_WAIT = 20_000; // ms
/** What a server may ask for, in ms: timers overflow at some length, and fire at once. */
const LONGEST_ASKED = 300_000;
/** While another way serves, a better one is looked for this seldom: a refused handshake is not free either. */
const LONGEST_SEARCH = 120_000; // ms

/** Full jitter over FIRST_WAIT * 2^n, so that the readers of a lost server do not come back all at once. */
export class Backoff {
  /** Attempts that failed in a row. */
  failures = 0;

  /** @param {() => number} random a number in [0, 1) */
  constructor(random = Math.random) {
    this.random = random;
  }

  /**
   * @param {boolean} [isServed] whether there is no hurry
   * @returns {number} ms to wait before the next attempt
   */
  next(isServed = false) {
    const ceiling = Math.min(isServed ? LONGEST_SEARCH : LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures);
    this.failures += 1;
    return this.random() * ceiling;
  }

  /**
   * Every end is a failure, except that of a server that goes away in order: it spreads its readers itself.
   * @param {number} code that a connection ended with
   * @param {number} asked ms that the server wants
   * @param {boolean} isServed whether another way serves
   * @returns {number} ms
   */
  after(code, asked, isServed) {
    if (code === GOING_AWAY && asked > 0) return asked;
    const least = code === TOO_MANY ? Math.max(asked, LONGEST_SEARCH) : asked;
    return Math.min(least + this.next(isServed), LONGEST_ASKED);
  }

  reset() {
    this.failures = 0;
  }
}

/**
 * @param {number | null} [seconds] `retry_after` of a server
 * @returns {number} ms
 */
export const waitAsked = (seconds) => (seconds && seconds > 0 ? Math.min(seconds * 1000, LONGEST_ASKED) : 0);
