/** The comments of one thread, live, for any page and any program: docs/client.md. */

import { History } from "./history.js";
import { Store } from "../thread/store.js";
import { compareAge, isRemoved } from "../thread/age.js";
import { checkAddress, siteOf, socketOf, withReader } from "./addresses.js";
import { Api, ApiError, endOf } from "./api.js";
import { Backoff, waitAsked } from "./backoff.js";
import { cookie } from "./browser.js";
import { CLOCK, Timers } from "./clock.js";
import { Emitter, report } from "./emitter.js";
import { Follower, isChange } from "./follower.js";
import { PostError, Posts } from "./posts.js";
import { newRef } from "./ref.js";

export { ApiError, PostError };

/**
 * @import { Posted } from "./posts.js"
 * @import { Event, Events, Options, StatusName } from "./types.js"
 * @import { Comment, Refusal, ServerFrame, Snapshot, User } from "./wire.js"
 */

const PATIENCE = 30_000; // ms for the answer to a post
/** @type {Refusal} of a post where the first page could not be read */
const UNUSABLE = { code: 406, message: "The comments here could not be read." };

export class LiveComments {
  /** @type {Emitter<Event>} */
  #events = new Emitter();
  /** @type {Emitter<{type: "status", name: StatusName, code: number | null}>} */
  #statuses = new Emitter();
  /** @type {{name: StatusName, code: number | null}} */
  #status = { name: "closed", code: null };
  /** @type {{store: Store, history: History, follower: Follower} | null} there from the first snapshot on */
  #thread = null;
  /** @type {Event[]} what the store has taken; handlers are still to be told of it */
  #untold = [];
  /** @type {readonly Comment[] | null} */
  #comments = [];
  /** @type {User | null} */
  #user = null;
  #hadSocket = false;
  #options;
  #clock;
  #timers;
  #backoff;
  #api;
  #posts;

  /** @param {Options} options */
  constructor(options) {
    const { url, site = siteOf(url), reader = newRef(), csrfCookie = "csrftoken", token, fetch } = options;
    const isAnonymous = () => Boolean(options.anonymous);
    const csrfToken = options.csrfToken ?? (() => cookie(csrfCookie));
    this.#options = { ...options, reader, csrfCookie };
    this.#clock = options.clock ?? CLOCK;
    this.#timers = new Timers(this.#clock);
    this.#backoff = new Backoff(options.random);
    this.#api = new Api({ thread: url, site, reader, isAnonymous, csrfToken, token, fetch });
    this.#posts = new Posts({
      route: () => this.#thread?.follower.route ?? "none",
      send: (frame) => this.#thread?.follower.send(frame) ?? false,
      frameLimit: () => this.#thread?.follower.frameLimit ?? Infinity,
      api: this.#api,
      onStored: () => this.#isClosed || this.#thread?.history.catchUp(),
      clock: this.#clock,
    });
  }

  /** @returns {StatusName} */
  get status() {
    return this.#status.name;
  }

  /** The visible comments that are loaded, newest first. It is the same array until something in it changes. */
  get comments() {
    this.#comments ??= [.../** @type {Map<string, Comment>} */ (this.#thread?.store.comments ?? new Map()).values()]
      .filter((comment) => !isRemoved(comment))
      .sort((a, b) => compareAge(b, a));
    return this.#comments;
  }

  /** Visible comments in the thread; `comments` has some of them. */
  get count() {
    return this.#thread?.store.count ?? 0;
  }

  /** "open", or "closed" where the thread takes no comments. */
  get policy() {
    return this.#thread?.store.policy ?? "open";
  }

  /** Whom the server takes the reader for. */
  get user() {
    return this.#user;
  }

  /**
   * Connects, and stays connected until `close`.
   * @throws {TypeError} where the address has no host, and there is no page that it could be relative to
   */
  connect() {
    if (!this.#isClosed) return this;
    checkAddress(this.#options.url);
    this.#posts.open();
    this.#enter({ name: "connecting", code: null });
    if (this.#thread) this.#thread.follower.reopen();
    else this.#begin();
    this.#tell();
    return this;
  }

  /** Leaves. What was posted and had no answer is rejected; `connect` comes back. */
  close() {
    this.#timers.clearAll();
    this.#enter({ name: "closed", code: null });
    this.#thread?.follower.close();
    this.#thread?.history.rest();
    this.#posts.close();
  }

  /**
   * @template {keyof Events} Type
   * @param {Type} type of a frame, "reset", or "*" for everything
   * @param {(event: Events[Type]) => void} handler
   * @returns {() => void} takes the handler away again
   */
  on(type, handler) {
    return this.#events.on(type, /** @type {(event: Event) => void} */ (handler));
  }

  /**
   * @param {(status: StatusName, code: number | null) => void} handler `code`: close code, where it says why
   * @returns {() => void} takes the handler away again
   */
  onStatus(handler) {
    return this.#statuses.on("status", ({ name, code }) => handler(name, code));
  }

  /**
   * Posts a comment.
   * @param {string} content
   * @param {object} [options]
   * @param {string | null} [options.parent] id of the comment that it replies to
   * @param {string} [options.ref] UUID; the same again gives the same comment
   * @param {number} [options.timeout] ms
   * @returns {Promise<Posted>} once it is stored; rejected with a PostError
   */
  post(content, { parent = null, ref = newRef(), timeout = PATIENCE } = {}) {
    return this.#posts.add({ type: "message", content, ref, parent }, timeout);
  }

  /**
   * Says that the reader types: every 3 s while that is so.
   * @param {boolean} [on]
   * @param {string | null} [parent] id of the comment that they reply to
   * @returns {boolean} whether there was a socket to say it on
   */
  typing(on = true, parent = null) {
    return this.#thread?.follower.send({ type: "typing", on, parent }) ?? false;
  }

  get #isClosed() {
    return this.#status.name === "closed";
  }

  /** Reads the first page, however many attempts that takes. */
  async #begin() {
    const page = await this.#api.comments().catch((error) => this.#notRead(error));
    if (!page || !this.#isBeginning) return;
    try {
      this.#follow(page);
    } catch (error) {
      this.#failed(error);
    }
  }

  get #isBeginning() {
    return this.#status.name === "connecting" && !this.#thread;
  }

  /** @param {unknown} error */
  #notRead(error) {
    if (!this.#isBeginning) return;
    const { code, retry_after } = endOf(error);
    if (!(error instanceof ApiError)) this.#failed(error);
    else if (code !== undefined) this.#stop(code, error);
    else this.#timers.set("begin", Math.max(waitAsked(retry_after), this.#backoff.next()), () => this.#begin());
  }

  /**
   * The first page can't be used, and would be no other if it were asked for again.
   * @param {unknown} error
   */
  #failed(error) {
    report(error);
    this.#thread?.follower.close();
    this.#thread = null;
    this.#untold = [];
    this.#stop(null, UNUSABLE);
  }

  /**
   * Nothing is tried any more, and there is no thread to post to.
   * @param {number | null} code close code
   * @param {Refusal} refusal of every post
   */
  #stop(code, refusal) {
    this.#timers.clearAll();
    this.#posts.close(refusal);
    this.#enter({ name: "stopped", code });
  }

  /** @param {Snapshot} page */
  #follow(page) {
    const { url, socket = socketOf(url, page.subject), reader, anonymous, csrfCookie, token, random } = this.#options;
    const WebSocket = this.#options.WebSocket ?? globalThis.WebSocket;
    const store = new Store(page);
    store.keeps = () => true; // a program's list has what is new, wherever its place in the conversations is
    const history = new History({
      api: this.#api,
      store,
      onChange: () => this.#tell(),
      backoff: this.#backoff,
      timers: this.#whileOpen,
    });
    const follower = new Follower({
      api: this.#api,
      store,
      history,
      socket: { url: withReader(socket, reader, anonymous), WebSocket, token },
      cookie: () => cookie(csrfCookie),
      onFrame: (frame) => this.#received(frame),
      onState: () => this.#stateChanged(),
      onHope: () => this.#stateChanged(),
      clock: this.#clock,
      newBackoff: () => new Backoff(random),
    });
    store.onApplied = (change) => this.#untold.push(change);
    (store.onReset = () => this.#untold.push({ type: "reset", comments: [] }))();
    this.#thread = { store, history, follower };
    this.#tell();
    follower.open();
  }

  /** Timers that start nothing any more once the connection was closed here. */
  get #whileOpen() {
    const { set, clear } = this.#clock;
    return {
      set: (/** @type {() => void} */ action, /** @type {number} */ delay) =>
        this.#isClosed ? undefined : set(action, delay),
      clear,
    };
  }

  /** @param {ServerFrame} frame */
  #received(frame) {
    this.#tell();
    if (isChange(frame) || this.#isClosed) return; // a handler may have closed it
    if (frame.type === "welcome") this.#user = frame.user;
    else if (frame.type === "ack") this.#posts.acked(frame);
    else if (frame.type === "error") this.#posts.refused(frame);
    this.#events.emit(frame);
  }

  /**
   * Tells of what the store has taken, in order: what came live, and what the history had. What an answer brings after
   * `close` is told by the next `connect`.
   */
  #tell() {
    if (this.#isClosed) return;
    this.#thread?.store.trim(null);
    if (this.#untold.length > 0) this.#comments = null;
    while (!this.#isClosed) {
      const event = this.#untold.shift();
      if (!event) return;
      this.#events.emit(event.type === "reset" ? { ...event, comments: this.comments } : event);
    }
  }

  #stateChanged() {
    if (!this.#thread || this.#isClosed) return;
    const { history, follower } = this.#thread;
    const { hasSocket, state } = follower.transport;
    if (this.#hadSocket && !hasSocket) this.#posts.lost();
    this.#hadSocket = hasSocket;
    // Nothing will say what happens from now on: the list ends with what there is.
    if (state.name === "stopped" && this.#status.name !== "stopped") history.catchUp();
    if (follower.status) this.#enter(follower.status);
    this.#posts.flush();
  }

  /** @param {{name: StatusName, code: number | null}} status */
  #enter({ name, code }) {
    if (name === this.#status.name && code === this.#status.code) return;
    this.#status = { name, code };
    this.#statuses.emit({ type: "status", name, code });
  }
}
