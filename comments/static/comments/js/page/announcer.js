/**
 * The page's one voice for those who hear it: a polite live region. What is said within a moment is said together, and
 * a busy thread does not talk without end.
 */

import { CLOCK } from "../client/clock.js";
import { part } from "../dom.js";

/** @import { Clock } from "../client/clock.js" */

const GATHER = 1_000; // ms
const EVERY = 6_000; // ms between two announcements, at the least

export class Announcer {
  /** @type {Map<string, string>} what is to be said, by what it is about: the last word on a thing is the one */
  #waiting = new Map();
  /** @type {Map<string, string>} what was handed over last, by what it is about: the same is not said twice */
  #last = new Map();
  #saidAt = -Infinity;
  #isDue = false;
  #clock;

  /**
   * @param {HTMLElement} section
   * @param {Clock} [clock]
   */
  constructor(section, clock = CLOCK) {
    this.region = part(section, ".comments-announcer");
    this.#clock = clock;
  }

  /**
   * @param {string} about what takes the place of what was to be said about the same
   * @param {string} text nothing takes it back, if it was not said yet
   */
  say(about, text) {
    if ((this.#last.get(about) ?? "") === text) return;
    this.#last.set(about, text);
    if (text) this.#waiting.set(about, text);
    else this.#waiting.delete(about);
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.set(() => this.#speak(), Math.max(GATHER, this.#saidAt + EVERY - this.#clock.now()));
  }

  #speak() {
    this.#isDue = false;
    if (this.#waiting.size === 0) return;
    this.region.textContent = [...this.#waiting.values()].map((text) => (/[.…?!:]$/.test(text) ? text : `${text}.`)).join(" ");
    this.#waiting.clear();
    this.#saidAt = this.#clock.now();
  }
}
