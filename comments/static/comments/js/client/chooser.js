/**
 * Which of several ways to the server to try, best first. Pure.
 *
 * A worse way is tried once those before it fail while the server answers otherwise. The better ones go on being
 * tried meanwhile, each at its own pace, and the worse is left only when a better one has proved itself: make before
 * break.
 */

/** Failed attempts in a row after which a way is not enough. */
export const PATIENCE = 3;

export class Chooser {
  /** @param {number} count of ways */
  constructor(count) {
    this.count = count;
    /** The worst way that is tried. */
    this.last = 0;
  }

  /**
   * @param {{state: string, isProved: boolean}[]} ways in their order
   * @param {number} held index of the one that serves so far, or -1
   * @returns {number} index of the one to serve, or -1
   */
  current(ways, held) {
    const proved = this.proved(ways);
    // What was only welcomed may carry nothing: it takes over from nothing that is live.
    if (ways[held]?.state === "live") return proved !== -1 && proved < held ? proved : held;
    return proved !== -1 ? proved : ways.findIndex(({ state }) => state === "live");
  }

  /** @returns {number} index of the best one that is seen to carry, or -1 */
  proved(ways) {
    return ways.findIndex(({ state, isProved }) => state === "live" && isProved);
  }

  /** @returns {boolean} whether all that is tried has failed for long enough to try something else */
  isStuck(ways) {
    if (ways.some(({ state }) => state === "live")) return false;
    const { state, failures, isRefused } = ways[this.last];
    return state === "stopped" || (state === "waiting" && (isRefused || failures >= PATIENCE));
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

  /** @returns {number[]} indexes of the ways to leave, now that a better one is seen to carry */
  settle(ways) {
    const proved = this.proved(ways);
    if (proved === -1) return [];
    const worse = [...ways.keys()].filter((way) => way > proved && way <= this.last);
    this.last = proved;
    return worse;
  }
}
