/**
 * @typedef {number | undefined} Timer
 * @typedef {object} Clock the time and the timers, in ms
 * @property {() => number} now
 * @property {(action: () => void, delay: number) => Timer} set
 * @property {(timer: Timer) => void} clear
 */

/** The browser's own, where a test gives none. @type {Clock} */
export const CLOCK = {
  now: () => Date.now(),
  set: (action, delay) => setTimeout(action, delay),
  clear: (timer) => clearTimeout(timer),
};

/** Timers by name. A new one takes the place of the one that had its name. */
export class Timers {
  /** @type {Clock} */
  #clock;
  /** @type {Map<string, Timer>} */
  #running = new Map();

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * @param {string} name
   * @param {number} delay ms
   * @param {() => void} action
   */
  set(name, delay, action) {
    this.clear(name);
    const run = () => {
      this.#running.delete(name);
      action();
    };
    this.#running.set(name, this.#clock.set(run, delay));
  }

  /** @param {string} name */
  clear(name) {
    this.#clock.clear(this.#running.get(name));
    this.#running.delete(name);
  }

  clearAll() {
    for (const name of [...this.#running.keys()]) this.clear(name);
  }
}

/**
 * AbortSignal.timeout, which Safari 15 lacks.
 * @param {number} delay ms
 */
export function endingAfter(delay) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), delay);
  return controller.signal;
}
