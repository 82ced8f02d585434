/** The comments of one thread, live, for any page and any program: docs/client.md. */

import { History } from "../thread/history.js";
import { Store } from "../thread/store.js";
import { compareAge, isRemoved } from "../thread/tree.js";
import { siteOf, socketOf, withReader } from "./addresses.js";
import { Api, ApiError, endOf } from "./api.js";
import { Backoff, waitAsked } from "./backoff.js";
import { cookie } from "./browser.js";
import { CLOCK, Timers } from "./clock.js";
import { Emitter } from "./emitter.js";
import { Follower, isChange } from "./follower.js";
import { PostError, Posts } from "./posts.js";
import { newRef } from "./ref.js";

export { ApiError, PostError };

/**
 * @import { Clock } from "./clock.js"
 * @import { Status } from "./follower.js"
 * @import { Posted } from "./posts.js"
 * @import { Comment, ServerFrame, Snapshot, User } from "./wire.js"
 *
 * @typedef {{type: "reset", comments: readonly Comment[]}} Reset the list was read from a snapshot
 * @typedef {ServerFrame | Reset} Event
 * @typedef {{[E in Event as E["type"]]: E} & {"*": Event}} Events
 * @typedef {"closed" | Status["name"]} StatusName
 *
 * @typedef {object} Options
 * @property {string} url address of the thread's calls, such as "/api/articles/plums/", with or without a host
 * @property {string} [socket] address of its socket; by default it follows from `url` and the snapshot's subject
 * @property {string} [site] address below which `me/` is; by default two steps above `url`
 * @property {string} [reader] id of this page view, by which the server counts its reader once; random by default
 * @property {string} [csrfCookie] name of the cookie that has the CSRF token of a session
 * @property {() => string | null | undefined} [csrfToken] by default what is in that cookie
 * @property {string} [token] of a program, in place of a session
 * @property {typeof globalThis.fetch} [fetch]
 * @property {typeof globalThis.WebSocket} [WebSocket]
 * @property {Clock} [clock]
 * @property {() => number} [random] a number in [0, 1), for the waits between attempts
 */

const PATIENCE = 30_000; // ms for the answer to a post

export class LiveComments {
  /** @type {Emitter<Event>} */
  #events = new Emitter();
  /** @type {Emitter<{type: "status", name: StatusName, code: number | null}>} */
  #statuses = new Emitter();
  /** @type {{name: StatusName, code: number | null}} */
  #status = { name: "closed", code: null };
  /** @type {{store: Store, history: History, follower: Follower} | null} there from the first snapshot on */
  #thread = null;
  /** @type {Event[]} what the store has taken and nobody was told of yet */
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
    const csrfToken = options.csrfToken ?? (() => cookie(csrfCookie));
    this.#options = { ...options, reader, csrfCookie };
    this.#clock = options.clock ?? CLOCK;
    this.#timers = new Timers(this.#clock);
    this.#backoff = new Backoff(options.random);
    this.#api = new Api({ thread: url, site, reader, csrfToken, token, fetch });
    this.#posts = new Posts({
      route: () => this.#thread?.follower.route ?? "none",
      send: (frame) => this.#thread?.follower.send(frame) ?? false,
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
    const store = this.#thread?.store;
    this.#comments ??= [.../** @type {Map<string, Comment>} */ (store?.comments ?? new Map()).values()]
      .filter((comment) => !isRemoved(comment))
      .sort((a, b) => compareAge(b, a));
    return this.#comments;
  }

  /** Visible comments in the thread, of which those in `comments` are the newest. */
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

  /** Connects, and stays connected until `close`. */
  connect() {
    if (!this.#isClosed) return this;
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
    this.#posts.abort();
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
    if (page && this.#status.name === "connecting" && !this.#thread) this.#follow(page);
  }

  /** @param {unknown} error */
  #notRead(error) {
    if (this.#status.name !== "connecting") return;
    if (!(error instanceof ApiError)) console.error("comments: the first page could not be used", error);
    const { code, retry_after } = endOf(error);
    if (code !== undefined) this.#enter({ name: "stopped", code });
    else this.#timers.set("begin", Math.max(waitAsked(retry_after), this.#backoff.next()), () => this.#begin());
  }

  /** @param {Snapshot} page */
  #follow(page) {
    const { url, socket = socketOf(url, page.subject), reader, csrfCookie, token, random } = this.#options;
    const WebSocket = this.#options.WebSocket ?? globalThis.WebSocket;
    const store = new Store(page);
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
      socket: { url: withReader(socket, reader), WebSocket, token },
      cookie: () => cookie(csrfCookie),
      onFrame: (frame) => this.#received(frame),
      onState: () => this.#stateChanged(),
      clock: this.#clock,
      newBackoff: () => new Backoff(random),
    });
    store.onApplied = (change) => this.#untold.push(change);
    store.onReset = () => this.#untold.push({ type: "reset", comments: [] });
    this.#thread = { store, history, follower };
    store.onReset();
    this.#tell();
    follower.open();
  }

  /** Timers that do nothing any more once the connection was closed here. */
  get #whileOpen() {
    const { set, clear } = this.#clock;
    return {
      set: (/** @type {() => void} */ action, /** @type {number} */ delay) =>
        set(() => this.#isClosed || action(), delay),
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
    this.#thread?.store.trim("oldest");
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
