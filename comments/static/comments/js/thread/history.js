/** Brings the store up to date over HTTP, however often it takes. */

import { ApiError } from "../client/api.js";
import { Backoff, waitAsked } from "../client/backoff.js";
import { CLOCK } from "../client/clock.js";

export class History {
  /**
   * @param {object} options
   * @param {import("../client/api.js").Api} options.api
   * @param {import("./store.js").Store} options.store
   * @param {() => void} options.onChange
   * @param {() => void} [options.onNewEpoch] a snapshot came with another numbering
   * @param {Backoff} [options.backoff]
   * @param {{set: typeof setTimeout, clear: typeof clearTimeout}} [options.timers]
   */
  constructor({ api, store, onChange, onNewEpoch = () => {}, backoff, timers }) {
    Object.assign(this, { api, store, onChange, onNewEpoch });
    this.backoff = backoff ?? new Backoff();
    this.timers = timers ?? CLOCK;
    this.running = null;
    this.again = false;
    /** Whether the last question was answered, and with no. */
    this.isRefused = false;
    this.fromSnapshot = false;
    this.timer = null;
    this.whenDone = [];
  }

  /**
   * Fetches what is missing. Calls while one runs are one more run after it.
   * @returns {Promise<boolean>} whether what is missing came
   */
  catchUp() {
    this.again = true;
    this.forgetTimer();
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  /** A live frame has a gap before it. Many frames are no hurry: what failed is due soon, and a no stays one for now. */
  missed() {
    if (this.timer === null && !this.isRefused) this.catchUp();
  }

  /**
   * Asks whether the server is there; when to ask again is the caller's business, unless something is missing.
   * @returns {Promise<boolean>} also who refuses has answered
   */
  async isAnswered() {
    const isAnswered = (await this.catchUp()) || this.isRefused;
    if (!isAnswered && !this.isAwaited) this.forgetTimer();
    return isAnswered;
  }

  /** Whether something is known to be missing, or somebody waits for all that there is. */
  get isAwaited() {
    return this.fromSnapshot || this.store.isBehind() || this.whenDone.length > 0;
  }

  /** Forgets the position and starts from a snapshot. */
  reset() {
    this.fromSnapshot = true;
    return this.catchUp();
  }

  /** Calls back once everything that exists now is here, however many attempts that takes. */
  whenCurrent(action) {
    this.whenDone.push(action);
    this.catchUp();
  }

  /**
   * Asks once for what came after the position.
   * @param {number} wait s that the answer may wait for a change
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} whether there was anything
   * @throws {ApiError}
   */
  async ask(wait, signal) {
    const { seq, epoch } = this.store;
    const outcome = this.store.applyHistory(await this.api.history(seq, epoch, { wait, signal }));
    this.onChange();
    const isHere = outcome === "current" || (await (outcome === "reset" ? this.reset() : this.catchUp()));
    if (!isHere) throw new ApiError({ code: 0 });
    return this.store.seq > seq || this.store.epoch !== epoch;
  }

  async run() {
    while (this.again) {
      this.again = this.isRefused = false;
      try {
        await this.step();
      } catch (error) {
        this.failed(error);
        return false;
      }
    }
    for (const action of this.whenDone.splice(0)) action();
    return true;
  }

  async step() {
    if (this.fromSnapshot) {
      await this.load();
      return;
    }
    const before = this.store.seq;
    const outcome = this.store.applyHistory(await this.api.history(before, this.store.epoch));
    if (outcome === "reset") this.fromSnapshot = this.again = true;
    // Only progress is asked on from at once: a stale answer must not make a busy loop.
    else if (outcome === "more") this.store.seq > before ? (this.again = true) : this.later();
    if (this.store.seq > before) this.backoff.reset();
    this.onChange();
  }

  async load() {
    const { epoch } = this.store;
    this.store.loadSnapshot(await this.api.comments());
    const isNewEpoch = this.store.epoch !== epoch;
    this.fromSnapshot = false;
    // Live frames that came meanwhile were measured against the old numbers, and some were dropped.
    this.again ||= isNewEpoch || this.store.isBehind();
    this.backoff.reset();
    if (isNewEpoch) this.onNewEpoch();
    this.onChange();
  }

  failed(error) {
    const isRefusal = error instanceof ApiError && !error.isPassing;
    this.isRefused = isRefusal;
    if (isRefusal || !(error instanceof ApiError)) console.error("comments: the history could not be used", error);
    if (!isRefusal) this.later(error.retry_after);
  }

  later(seconds = null) {
    this.forgetTimer();
    this.timer = this.timers.set(() => this.catchUp(), Math.max(waitAsked(seconds), this.backoff.next()));
  }

  forgetTimer() {
    this.timers.clear(this.timer);
    this.timer = null;
  }
}
