/** Sends the outbox, in order, over whatever way there is. Each entry keeps its ref, so sending twice stores once. */

import { ApiError } from "../client/api.js";
import { CLOCK } from "../client/clock.js";
import { refusal } from "./refusals.js";

const PATIENCE = 10_000; // ms for an ack, after which the same ref is sent again
const SHORTEST_WAIT = 1_000; // ms
const UNEXPLAINED_WAIT = 5_000; // ms, where the server gave no retry_after
/** Attempts that failed for no reason of the comment's before its author is asked. */
const MOST_ATTEMPTS = 5;
/** Where the site can't be reached: the wait doubles with each attempt, up to this. */
const LONGEST_PAUSE = 60_000; // ms
const LONGEST_REFUSAL = 3_600_000; // ms; timers can't count much further

export class Sender {
  /**
   * @param {object} options
   * @param {import("./unsent.js").Outbox} options.outbox
   * @param {(frame: object) => boolean} options.send over the socket; false when it is not live
   * @param {import("../client/api.js").Api} options.api
   * @param {() => string | null} options.author id of whoever this page may write as now
   * @param {() => void} options.onChange
   * @param {(ref: string) => void} options.onPosted a comment was stored over HTTP
   * @param {{now: () => number, set: typeof setTimeout, clear: typeof clearTimeout}} [options.clock]
   */
  constructor({ outbox, send, api, author, onChange, onPosted, clock = CLOCK }) {
    Object.assign(this, { outbox, send, api, author, onChange, onPosted, clock });
    this.overHttp = false;
    this.attempts = new Map();
    /** What the ack timer runs for. */
    this.awaited = null;
    this.ackTimer = this.dueTimer = null;
    /** Runs while nothing is posted, because the site could not be reached so many times in a row. */
    this.pause = null;
    this.unreached = 0;
  }

  /** Sends the next entry, if there is one and a way to send it. */
  pump() {
    this.clock.clear(this.dueTimer);
    const entry = this.outbox.next(this.author(), this.clock.now());
    if (!entry) {
      this.scheduleDue();
      return;
    }
    const { ref, content, parent } = entry;
    if (this.send({ type: "message", ref, content, parent })) {
      this.outbox.sending(ref);
      this.answered(this.awaited);
      this.awaited = ref;
      this.ackTimer = this.clock.set(() => this.unanswered(ref), PATIENCE);
    } else if (this.overHttp && this.pause === null) {
      this.outbox.sending(ref);
      this.post(entry);
    }
    this.onChange();
  }

  /** There is a reason to believe that the site can be reached now. */
  wake() {
    this.clock.clear(this.pause);
    this.pause = null;
    this.pump();
  }

  /** The way is gone; what had no answer is sent again over the next. */
  lost() {
    this.answered(this.awaited);
    this.outbox.requeue();
    this.onChange();
  }

  acked(frame) {
    this.unreached = 0;
    if (!this.outbox.get(frame.ref)) return;
    this.answered(frame.ref);
    this.attempts.delete(frame.ref);
    this.outbox.ack(frame);
    this.onChange();
    this.pump();
  }

  refused(error) {
    const { ref } = error;
    // A late answer to one attempt changes nothing, once another was acked.
    if (this.outbox.get(ref)?.id !== null) return;
    this.answered(ref);
    const attempts = (this.attempts.get(ref) ?? 0) + 1;
    this.attempts.set(ref, attempts);
    if (refusal(error).passing && attempts < MOST_ATTEMPTS) {
      const wait = error.retry_after ? error.retry_after * 1000 : UNEXPLAINED_WAIT;
      this.outbox.wait(ref, this.clock.now() + Math.min(Math.max(SHORTEST_WAIT, wait), LONGEST_REFUSAL), error);
    } else {
      this.attempts.delete(ref);
      this.outbox.fail(ref, error);
    }
    this.onChange();
    this.pump();
  }

  /** Ends the wait for this one's answer, and no other's. */
  answered(ref) {
    if (ref !== this.awaited) return;
    this.clock.clear(this.ackTimer);
    this.awaited = null;
  }

  unanswered(ref) {
    this.refused({ ref, reason: "busy", message: "There was no answer.", retry_after: 1 });
  }

  async post(entry) {
    try {
      const comment = await this.api.post(entry);
      this.acked({ ref: entry.ref, id: comment.id, seq: comment.seq ?? null, status: comment.status });
      this.onPosted(entry.ref);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 0) {
        this.unreachable();
        return;
      }
      this.unreached = 0;
      this.refused({ ...error, message: error.message, ref: entry.ref, reason: error.reason ?? fallback(error) });
    }
  }

  unreachable() {
    this.clock.clear(this.pause);
    this.pause = this.clock.set(() => this.wake(), Math.min(UNEXPLAINED_WAIT * 2 ** this.unreached, LONGEST_PAUSE));
    this.unreached += 1;
    this.lost();
    // A socket may have come meanwhile.
    this.pump();
  }

  scheduleDue() {
    const first = this.outbox.first(this.author());
    if (first) this.dueTimer = this.clock.set(() => this.pump(), first.dueAt - this.clock.now());
  }
}

const fallback = (error) => (error.isPassing ? "busy" : null);
