/**
 * Which of several ways to the server to try, best first. Pure.
 *
 * A worse way is tried once those before it fail while the server answers otherwise. The better ones go on being
 * tried meanwhile, each at its own pace, and the worse is left only when a better one has proved itself: make before
 * break.
 */

import { endsAll } from "./codes.js";
import { isLive } from "./states.js";

/** @import { State } from "./states.js" */

/** Failed attempts in a row after which a way is not enough. */
const PATIENCE = 3;

export class Chooser {
  /** The worst way that is tried. */
  last = 0;

  /** @param {number} count of ways */
  constructor(count) {
    this.count = count;
  }

  /**
   * @param {State[]} ways their states, in their order
   * @param {number} held index of the one that serves so far, or -1
   * @returns {number} index of the one to serve, or -1
   */
  current(ways, held) {
    const proved = this.#proved(ways);
    // What was only welcomed may carry nothing: it takes over from nothing that is live.
    if (held !== -1 && isLive(ways[held])) return proved !== -1 && proved < held ? proved : held;
    return proved !== -1 ? proved : ways.findIndex(isLive);
  }

  /**
   * @param {State[]} ways
   * @returns {boolean} whether all that is tried has failed for long enough to try something else
   */
  isStuck(ways) {
    if (ways.some(isLive)) return false;
    const state = ways[this.last];
    return state.name === "stopped" || (state.name === "waiting" && (state.isRefused || state.failures >= PATIENCE));
  }

  get hasMore() {
    return this.last + 1 < this.count;
  }

  /**
   * The server answers, over plain HTTP.
   * @returns {number | null} index of the way to open now, or null where there is no other
   */
  fallBack() {
    if (!this.hasMore) return null;
    this.last += 1;
    return this.last;
  }

  /**
   * @param {State[]} ways
   * @returns {number[]} indexes of the ways to leave, now that a better one is seen to carry
   */
  settle(ways) {
    const proved = this.#proved(ways);
    if (proved === -1) return [];
    const worse = [...ways.keys()].filter((way) => way > proved && way <= this.last);
    this.last = proved;
    return worse;
  }

  /**
   * @param {State[]} ways
   * @returns {number} index of the best one that is seen to carry, or -1
   */
  #proved(ways) {
    return ways.findIndex(({ name }) => name === "proved");
  }
}

/**
 * @param {State[]} ways
 * @returns {number | null} close code after which no way is tried any more
 */
export function stopCodeOf(ways) {
  const codes = ways.flatMap((state) => (state.name === "stopped" ? [state.code] : []));
  return codes.find(endsAll) ?? (codes.length === ways.length ? codes[0] : null);
}

/**
 * @param {State[]} ways
 * @returns {number | null} close code that says most about why nothing is live
 */
export function reasonOf(ways) {
  const codes = ways.flatMap((state) => (state.name === "stopped" || state.name === "waiting" ? [state.code] : []));
  return codes.find((code) => code !== null) ?? null;
}
