/** Brings the store up to date over HTTP, however often it takes. */

import { ApiError } from "./api.js";
import { Backoff, waitAsked } from "./backoff.js";
import { CLOCK } from "./clock.js";

/**
 * @import { Api } from "./api.js"
 * @import { Clock, Timer } from "./clock.js"
 * @import { Store } from "../thread/store.js"
 * @import { HistoryAnswer, Subject } from "./wire.js"
 */

export class History {
  /** @type {"nothing" | "changes" | "snapshot"} */
  #wanted = "nothing";
  /** @type {"answered" | "refused" | "failed"} what became of the last question */
  #outcome = "answered";
  /** @type {Timer} runs until what failed is tried again */
  #timer;
  /** @type {(() => void)[]} */
  #whenDone = [];
  /** @type {{sort?: string, around?: string}} which snapshot is wanted */
  #query = {};
  /** How many came. */
  #snapshots = 0;
  /** Whether the position is void, so that nothing but a snapshot helps. */
  #isVoid = false;
  /** @type {Promise<boolean> | null} */
  running = null;
  /** @type {(subject?: Subject) => void} told, with each answer, what is commented on */
  onSubject = () => {};

  /**
   * @param {object} options
   * @param {Pick<Api, "history" | "comments">} options.api
   * @param {Store} options.store
   * @param {() => void} options.onChange
   * @param {() => void} [options.onNewEpoch] a snapshot came with another numbering
   * @param {Backoff} [options.backoff]
   * @param {Pick<Clock, "set" | "clear">} [options.timers]
   */
  constructor({ api, store, onChange, onNewEpoch = () => {}, backoff = new Backoff(), timers = CLOCK }) {
    this.api = api;
    this.store = store;
    this.onChange = onChange;
    this.onNewEpoch = onNewEpoch;
    this.backoff = backoff;
    this.timers = timers;
  }

  /**
   * Fetches what is missing. Calls while one runs are one more run after it.
   * @returns {Promise<boolean>} whether what is missing came
   */
  catchUp() {
    this.#want("changes");
    this.#forgetTimer();
    this.running ??= this.#run().finally(() => (this.running = null));
    return this.running;
  }

  /**
   * Forgets the position and starts from a snapshot.
   * @param {{sort?: string, around?: string}} [query] which part of the thread; without one it is the part that somebody
   *   waits for, else the beginning
   * @returns {Promise<boolean>} whether it came, and what came after it
   */
  reset(query = this.#query) {
    this.#isVoid = true;
    this.#query = query;
    this.#want("snapshot");
    return this.catchUp();
  }

  /**
   * Fetches another part of the thread for a reader. It is tried once: later nobody waits for it any more.
   * @param {{sort?: string, around?: string}} query
   * @returns {Promise<boolean>} whether it came
   */
  async look(query) {
    const before = this.#snapshots;
    this.#query = query;
    this.#want("snapshot");
    if ((await this.catchUp()) || this.#snapshots > before) return true;
    this.#query = {};
    if (!this.#isAwaited) this.#forgetTimer();
    return false;
  }

  /** Asks nothing again by itself, until it is called. */
  rest() {
    this.#forgetTimer();
  }

  /** A live frame has a gap before it. While a retry is due, or the server refused, further frames ask nothing. */
  missed() {
    if (this.#timer === undefined && this.#outcome !== "refused") this.catchUp();
  }

  /**
   * Asks whether the server is there; when to ask again is the caller's business, unless something is missing.
   * @returns {Promise<boolean>} a server that refuses has answered, too
   */
  async isAnswered() {
    await this.catchUp();
    const isAnswered = this.#outcome !== "failed";
    if (!isAnswered && !this.#isAwaited) this.#forgetTimer();
    return isAnswered;
  }

  /**
   * Calls back once everything that exists now is here, however many attempts that takes.
   * @param {() => void} action
   */
  whenCurrent(action) {
    this.#whenDone.push(action);
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
    const { seq, epoch, counts } = this.store;
    const before = this.#position;
    const answer = await this.api.history(seq, epoch, { wait, reactionsAfter: counts.seq, signal });
    const outcome = this.#take(answer);
    this.onChange();
    const isHere = outcome === "current" || (await (outcome === "reset" ? this.reset() : this.catchUp()));
    if (!isHere) throw new ApiError({ code: 0 });
    return this.#position > before || this.store.epoch !== epoch;
  }

  /** @param {HistoryAnswer} answer */
  #take(answer) {
    this.onSubject(answer.subject);
    return this.store.applyHistory(answer);
  }

  /** It grows with everything that comes. */
  get #position() {
    return this.store.seq + this.store.counts.seq;
  }

  /** Whether something is known to be missing, or somebody waits for all that there is. */
  get #isAwaited() {
    return this.#wanted === "snapshot" || this.store.isBehind() || this.#whenDone.length > 0;
  }

  /** @param {"changes" | "snapshot"} what a snapshot has the changes in it */
  #want(what) {
    if (this.#wanted !== "snapshot") this.#wanted = what;
  }

  async #run() {
    while (this.#wanted !== "nothing") {
      const wanted = this.#wanted;
      this.#wanted = "nothing";
      this.#outcome = "answered";
      try {
        await (wanted === "snapshot" ? this.#fetchSnapshot() : this.#fetchChanges());
      } catch (error) {
        if (this.#failed(error)) this.#query = {}; // a refusal is final
        // A position that is void stays so until there is a snapshot.
        this.#wanted = this.#isVoid ? "snapshot" : "nothing";
        return false;
      }
    }
    for (const action of this.#whenDone.splice(0)) action();
    return true;
  }

  async #fetchChanges() {
    const before = this.#position;
    const { seq, epoch, counts } = this.store;
    const outcome = this.#take(await this.api.history(seq, epoch, { reactionsAfter: counts.seq }));
    const isFurther = this.#position > before;
    if (outcome === "reset") {
      this.#isVoid = true;
      this.#want("snapshot");
    }
    // Only progress is asked on from at once: a stale answer must not make a busy loop.
    else if (outcome === "more" && isFurther) this.#want("changes");
    else if (outcome === "more") this.#later();
    if (isFurther) this.backoff.reset();
    this.onChange();
  }

  async #fetchSnapshot() {
    const { epoch } = this.store;
    const { sort, around } = this.#query;
    this.store.loadSnapshot(await this.api.comments({ sort: this.store.sort, ...this.#query }));
    const isAnswered = this.#query.sort === sort && this.#query.around === around;
    if (isAnswered) {
      this.#snapshots += 1;
      this.#query = {};
      this.#isVoid = false;
    }
    const isNewEpoch = this.store.epoch !== epoch;
    // This is the snapshot that was asked for meanwhile, and what came after it can be asked for.
    if (this.#wanted === "snapshot" && isAnswered) this.#wanted = "changes";
    // Live frames that came meanwhile were measured against the old numbers, and some were dropped.
    if (isNewEpoch || this.store.isBehind()) this.#want("changes");
    this.backoff.reset();
    if (isNewEpoch) this.onNewEpoch();
    this.onChange();
  }

  /**
   * @param {unknown} error
   * @returns {boolean} whether the server refused
   */
  #failed(error) {
    const isPassing = error instanceof ApiError && error.isPassing;
    this.#outcome = error instanceof ApiError && !isPassing ? "refused" : "failed";
    if (!isPassing) console.error("comments: the history could not be used", error);
    if (this.#outcome === "failed") this.#later(error instanceof ApiError ? error.retry_after : null);
    return this.#outcome === "refused";
  }

  /** @param {number | null} [seconds] that the server asks to wait */
  #later(seconds) {
    this.#forgetTimer();
    this.#timer = this.timers.set(() => this.catchUp(), Math.max(waitAsked(seconds), this.backoff.next()));
  }

  #forgetTimer() {
    this.timers.clear(this.#timer);
    this.#timer = undefined;
  }
}
