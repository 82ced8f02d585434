/** When to connect again, and whether to at all. Pure: randomness is an argument. */

export const FIRST_WAIT = 500; // ms
export const LONGEST_WAIT = 20_000; // ms
/** What a server may ask for, in ms: timers overflow at some length, and fire at once. */
export const LONGEST_ASKED = 300_000;
/** While another way serves, a better one is looked for this seldom: a refused handshake is not free either. */
export const LONGEST_SEARCH = 120_000; // ms

/** Full jitter over FIRST_WAIT * 2^n, so that the readers of a lost server do not come back all at once. */
export class Backoff {
  /** @param {() => number} random a number in [0, 1) */
  constructor(random = Math.random) {
    this.random = random;
    this.failures = 0;
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

  reset() {
    this.failures = 0;
  }
}

/**
 * @param {number | null} [seconds] `retry_after` of a server
 * @returns {number} ms
 */
export const waitAsked = (seconds) => (seconds > 0 ? Math.min(seconds * 1000, LONGEST_ASKED) : 0);

const STANDARD_FINAL = new Set([1002, 1003, 1007, 1008, 1009]);

/**
 * The ranges are the contract (docs/protocol.md), so that new codes need no new client.
 * @param {number} code of the close event, or of the `bye` frame before it
 * @returns {boolean} whether connecting again can help
 */
export function mayReconnect(code) {
  if (code >= 4000) return code < 4500;
  return !STANDARD_FINAL.has(code);
}

/** Close codes about the article or its reader, which every way would end with: not theirs to see, gone, banned. */
const ABOUT_ALL = new Set([4502, 4503, 4505]);

/** @returns {boolean} whether a final code is about more than the one connection that it ended */
export const endsAll = (code) => ABOUT_ALL.has(code);

/** Close code: too many connections of one reader. It is final for this one, and passes when another is closed. */
export const TOO_MANY = 4504;
/** Close code: this server process stops, and says when to come back, so that not everybody comes at once. */
export const GOING_AWAY = 4000;
/** Close code: the position is void, start again from a snapshot. */
export const START_AGAIN = 4002;
