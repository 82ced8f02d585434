/** Comments on their way to the server, each with the promise that waits for its answer. */

import { ApiError } from "./api.js";
import { Timers } from "./clock.js";

/**
 * @import { Api } from "./api.js"
 * @import { Clock } from "./clock.js"
 * @import { Ack, ErrorFrame, PostFrame, Refusal } from "./wire.js"
 *
 * @typedef {Pick<Ack, "ref" | "id" | "seq" | "status">} Posted
 *
 * @typedef {object} Post
 * @property {PostFrame} frame
 * @property {"here" | "socket" | "http"} at where it is now
 * @property {Promise<Posted>} answer
 * @property {(posted: Posted) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** @type {Refusal} */
const CLOSED_HERE = { code: 0, reason: "closed_here", message: "The connection was closed here." };
/** @type {Refusal} as the server refuses a comment that is too long */
const TOO_LONG = { code: 413, reason: "too_long", message: "The comment is too long to be sent." };

/** Why a comment was not posted, as far as is known here. The same `ref` may be posted again, and is stored once. */
export class PostError extends ApiError {
  /**
   * @param {Refusal} refusal `reason` is the server's, or `timeout` or `closed_here`
   * @param {string} ref
   */
  constructor(refusal, ref) {
    super(refusal);
    this.ref = ref;
  }

  /** @returns {boolean} whether the same post may succeed later; who called `close` wanted its end */
  get isPassing() {
    return this.reason !== "closed_here" && super.isPassing;
  }
}

export class Posts {
  /** @type {Map<string, Post>} by ref, in the order of writing */
  #waiting = new Map();
  /** The end of those that go over HTTP, one after the other. */
  #last = Promise.resolve();
  /** Why none is taken now. @type {Refusal | null} */
  #refusal = null;
  #route;
  #send;
  #frameLimit;
  #api;
  #onStored;
  #timers;

  /**
   * @param {object} options
   * @param {() => "socket" | "http" | "none"} options.route by which they go out now
   * @param {(frame: PostFrame) => boolean} options.send over the socket
   * @param {() => number} options.frameLimit bytes of a frame that the socket takes: one more would close it
   * @param {Pick<Api, "post">} options.api
   * @param {() => void} options.onStored one was stored over HTTP, where nothing else may bring it
   * @param {Clock} options.clock
   */
  constructor({ route, send, frameLimit, api, onStored, clock }) {
    this.#route = route;
    this.#send = send;
    this.#frameLimit = frameLimit;
    this.#api = api;
    this.#onStored = onStored;
    this.#timers = new Timers(clock);
  }

  /**
   * @param {PostFrame} frame
   * @param {number} timeout ms for the answer, and for a way to the server before it
   * @returns {Promise<Posted>} rejected with a PostError
   */
  add(frame, timeout) {
    const { ref } = frame;
    if (this.#refusal) return Promise.reject(new PostError(this.#refusal, ref));
    const same = this.#waiting.get(ref);
    if (same) return same.answer;
    /** @type {Post["resolve"]} */
    let resolve = () => {};
    /** @type {Post["reject"]} */
    let reject = () => {};
    /** @type {Promise<Posted>} */
    const answer = new Promise((...settle) => ([resolve, reject] = settle));
    this.#waiting.set(ref, { frame, at: "here", answer, resolve, reject });
    this.#timers.set(ref, timeout, () => this.refused({ code: 0, reason: "timeout", ref }));
    this.flush();
    return answer;
  }

  /** Sends what is still here, if there is a way. */
  flush() {
    const route = this.#route();
    for (const post of this.#waiting.values()) {
      if (post.at !== "here") continue;
      if (route === "socket") this.#sendOverSocket(post);
      else if (route === "http") this.#sendOverHttp(post);
    }
  }

  /** The socket is gone; what had no answer goes out again over the next way. */
  lost() {
    for (const post of this.#waiting.values()) if (post.at === "socket") post.at = "here";
  }

  /** @param {Posted} posted */
  acked({ ref, id, seq, status }) {
    this.#take(ref)?.resolve({ ref, id, seq, status });
  }

  /** @param {Omit<ErrorFrame, "type">} error */
  refused({ ref = "", ...refusal }) {
    this.#take(ref)?.reject(new PostError(refusal, ref));
  }

  /**
   * Refuses what waits, and all that comes until `open`.
   * @param {Refusal} [refusal]
   */
  close(refusal = CLOSED_HERE) {
    this.#refusal = refusal;
    for (const ref of [...this.#waiting.keys()]) this.#take(ref)?.reject(new PostError(refusal, ref));
  }

  /** Takes posts again. */
  open() {
    this.#refusal = null;
  }

  /** @param {string} ref */
  #take(ref) {
    const post = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    this.#timers.clear(ref);
    return post;
  }

  /** @param {Post} post */
  #sendOverSocket(post) {
    const { frame } = post;
    const { length } = new TextEncoder().encode(JSON.stringify(frame));
    if (length > this.#frameLimit()) this.refused({ ...TOO_LONG, ref: frame.ref });
    else if (this.#send(frame)) post.at = "socket";
  }

  /** @param {Post} post */
  #sendOverHttp(post) {
    post.at = "http";
    this.#last = this.#last.then(() => this.#store(post));
  }

  /** @param {Post} post */
  async #store({ frame }) {
    const { ref } = frame;
    if (!this.#waiting.has(ref)) return;
    try {
      const { id, seq = null, status } = await this.#api.post(frame);
      this.acked({ ref, id, seq, status });
      this.#onStored();
    } catch (error) {
      this.#take(ref)?.reject(error instanceof ApiError ? new PostError(error, ref) : error);
    }
  }
}
