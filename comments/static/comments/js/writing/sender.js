/** Sends what is unsent, in order, over whatever way there is. Each entry keeps its ref, so sending twice stores once. */

import { ApiError } from "../client/api.js";
import { CLOCK } from "../client/clock.js";
import { refusal } from "./refusals.js";

/**
 * @import { Api } from "../client/api.js"
 * @import { Clock, Timer } from "../client/clock.js"
 * @import { PostFrame, Refusal } from "../client/wire.js"
 * @import { Entry } from "../thread/types.js"
 * @import { Unsent } from "./unsent.js"
 */

const PATIENCE = 10_000; // ms for an ack, after which the same ref is sent again
const SHORTEST_WAIT = 1_000; // ms
const UNEXPLAINED_WAIT = 5_000; // ms, where the server gave no retry_after
/** Attempts that failed for no reason of the comment's before its author is asked. */
const MOST_ATTEMPTS = 5;
/** Where the site can't be reached: the wait doubles with each attempt, up to this. */
const LONGEST_PAUSE = 60_000; // ms
const LONGEST_REFUSAL = 3_600_000; // ms; timers can't count much further

export class Sender {
  /** @type {Map<string, number>} refusals for no reason of the comment's, by ref */
  #attempts = new Map();
  /** @type {{ref: string, timer: Timer} | null} what was sent over a socket, and how long its ack may take */
  #awaited = null;
  /** @type {Timer | undefined} */
  #dueTimer;
  /** @type {Timer | null} runs while nothing is posted, because the site could not be reached */
  #pause = null;
  /** So many times in a row. */
  #unreached = 0;

  /**
   * @param {object} options
   * @param {Unsent} options.unsent
   * @param {(frame: PostFrame) => boolean} options.send over the socket; false when it is not live
   * @param {() => boolean} options.mayPost whether comments go over HTTP, where there is no socket
   * @param {Pick<Api, "post">} options.api
   * @param {() => string | null} options.author id of whoever this page may write as now
   * @param {() => void} options.onChange
   * @param {(ref: string) => void} options.onPosted a comment was stored over HTTP
   * @param {Clock} [options.clock]
   */
  constructor({ unsent, send, mayPost, api, author, onChange, onPosted, clock = CLOCK }) {
    this.unsent = unsent;
    this.send = send;
    this.mayPost = mayPost;
    this.api = api;
    this.author = author;
    this.onChange = onChange;
    this.onPosted = onPosted;
    this.clock = clock;
  }

  /** Sends the next entry, if there is one and a way to send it. */
  pump() {
    this.clock.clear(this.#dueTimer);
    const entry = this.unsent.next(this.author());
    if (!entry) return;
    const early = entry.dueAt - this.clock.now();
    if (entry.state === "waiting" && early > 0) {
      this.#dueTimer = this.clock.set(() => this.pump(), early);
      return;
    }
    const { ref, content, parent } = entry;
    if (this.send({ type: "message", ref, content, parent })) {
      this.unsent.sending(ref);
      this.#await(ref);
    } else if (this.mayPost() && this.#pause === null) {
      this.unsent.sending(ref);
      this.#post(entry);
    }
    this.onChange();
  }

  /** There is a reason to believe that the site can be reached now. */
  wake() {
    this.#endPause();
    this.pump();
  }

  /** The way is gone; what had no answer is sent again over the next. */
  lost() {
    this.#answered(this.#awaited?.ref);
    this.unsent.requeue();
    this.onChange();
  }

  /** @param {{ref: string, id: string, seq?: number | null, status: string}} ack */
  acked(ack) {
    this.#unreached = 0;
    if (!this.unsent.get(ack.ref)) return;
    this.#answered(ack.ref);
    this.#attempts.delete(ack.ref);
    this.unsent.ack(ack);
    this.onChange();
    this.pump();
  }

  /** @param {Partial<Refusal> & {ref?: string}} error */
  refused(error) {
    const { ref = "" } = error;
    // A late answer to one attempt changes nothing, once another was acked.
    if (this.unsent.get(ref)?.id !== null) return;
    this.#answered(ref);
    // Whoever has to wait their turn gets it, however many others do.
    const attempts = (this.#attempts.get(ref) ?? 0) + (error.reason === "rate_limited" ? 0 : 1);
    this.#attempts.set(ref, attempts);
    if (refusal(error).passing && attempts < MOST_ATTEMPTS) {
      const wait = error.retry_after ? error.retry_after * 1000 : UNEXPLAINED_WAIT;
      this.unsent.wait(ref, this.clock.now() + Math.min(Math.max(SHORTEST_WAIT, wait), LONGEST_REFUSAL), error);
    } else {
      this.#attempts.delete(ref);
      this.unsent.fail(ref, error);
    }
    this.onChange();
    this.pump();
  }

  /** @param {string} ref */
  #await(ref) {
    this.#answered(this.#awaited?.ref);
    this.#awaited = { ref, timer: this.clock.set(() => this.refused({ ref, ...UNANSWERED }), PATIENCE) };
  }

  /**
   * Ends the wait for this one's answer, and no other's.
   * @param {string | undefined} ref
   */
  #answered(ref) {
    if (!this.#awaited || ref !== this.#awaited.ref) return;
    this.clock.clear(this.#awaited.timer);
    this.#awaited = null;
  }

  /** @param {Entry} entry */
  async #post(entry) {
    try {
      const { id, seq, status } = await this.api.post(entry);
      this.acked({ ref: entry.ref, id, seq, status });
      this.onPosted(entry.ref);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 0) {
        this.#unreachable();
        return;
      }
      this.#unreached = 0;
      const { code, message, retry_after } = error;
      const reason = error.reason ?? (error.isPassing ? "busy" : null);
      this.refused({ ref: entry.ref, code, reason, message, retry_after });
    }
  }

  #unreachable() {
    this.#endPause();
    const wait = Math.min(UNEXPLAINED_WAIT * 2 ** this.#unreached, LONGEST_PAUSE);
    this.#pause = this.clock.set(() => this.wake(), wait);
    this.#unreached += 1;
    this.lost();
    // A socket may have come meanwhile.
    this.pump();
  }

  #endPause() {
    if (this.#pause !== null) this.clock.clear(this.#pause);
    this.#pause = null;
  }
}

const UNANSWERED = { reason: "busy", message: "There was no answer.", retry_after: 1 };
