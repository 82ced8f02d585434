/** The last way: questions to the history that wait for their answer. It needs nothing but plain HTTP. */

import { endOf } from "./api.js";
import { CLOCK, Timers } from "./clock.js";

/**
 * @import { Api } from "./api.js"
 * @import { Clock } from "./clock.js"
 * @import { Listener, Way } from "./line.js"
 */

const WAIT = 20; // s that a question may wait; proxies commonly give up after 30 or 60
const FIRST_WAIT = 1; // s; whether questions may wait at all, before anybody is told that comments are live
const PAUSE = 300; // ms between an answer and the next question, so that a busy thread is asked 3 times a second
const IDLE_PAUSE = 3_000; // ms where answers come at once and say nothing: the server can't wait just now

/**
 * @typedef {object} Parts
 * @property {Api} api
 * @property {{ask: (wait: number, signal: AbortSignal) => Promise<boolean>}} history history.js's
 * @property {() => {epoch: string, seq: number}} position what the page has
 * @property {Clock} clock
 */

/**
 * @param {Omit<Parts, "clock"> & {clock?: Clock}} parts
 * @returns {Way}
 */
export function pollingWay({ api, history, position, clock = CLOCK }) {
  return {
    opening: 15_000,
    silence: (WAIT + 15) * 1000,
    fresh: 0, // asking again costs nothing
    isBlind: true, // it hears of nobody who reads or types
    open(on) {
      const leaving = new AbortController();
      const timers = new Timers(clock);
      const parts = { api, history, position, clock, timers };
      poll(parts, on, leaving.signal).catch((error) => on.closed(endOf(error)));
      return {
        close() {
          leaving.abort();
          timers.clearAll();
        },
      };
    },
  };
}

/**
 * @param {Parts & {timers: Timers}} parts
 * @param {Listener} on
 * @param {AbortSignal} signal
 */
async function poll({ api, history, position, clock, timers }, on, signal) {
  const [user] = await Promise.all([api.me(signal), history.ask(FIRST_WAIT, signal)]);
  const { epoch, seq } = position();
  // What a socket would have begun with.
  on.data(JSON.stringify({ type: "welcome", user, epoch, seq }));
  while (!signal.aborted) {
    const asked = clock.now();
    const isNews = await history.ask(WAIT, signal);
    on.sign();
    const isIdle = !isNews && clock.now() - asked < IDLE_PAUSE;
    await new Promise((done) => timers.set("pause", isIdle ? IDLE_PAUSE : PAUSE, () => done(null)));
  }
}
