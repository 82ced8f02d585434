/** Waits where the site asked for it, and says each second how long still. */

import { CLOCK } from "../client/clock.js";

const SECOND = 1_000; // ms

/**
 * @param {number} seconds
 * @param {(left: string) => void} tell of the time that is left, in words
 * @param {AbortSignal} signal
 * @param {import("../client/clock.js").Clock} [clock]
 * @returns {Promise<boolean>} true once it is over, false where it was given up
 */
export function countdown(seconds, tell, signal, clock = CLOCK) {
  const end = clock.now() + seconds * SECOND;
  return new Promise((over) => {
    /** @type {import("../client/clock.js").Timer} */
    let timer;
    const tick = () => {
      const left = end - clock.now();
      if (left <= 0) {
        over(true);
        return;
      }
      tell(inWords(left));
      timer = clock.set(tick, Math.min(left, SECOND));
    };
    signal.addEventListener("abort", () => {
      clock.clear(timer);
      over(false);
    });
    tick();
  });
}

/**
 * @param {number} ms
 * @returns {string} "12 s", or "5 min" of a longer time
 */
export function inWords(ms) {
  const seconds = Math.max(1, Math.ceil(ms / SECOND));
  return seconds > 90 ? `${Math.ceil(seconds / 60)} min` : `${seconds} s`;
}
