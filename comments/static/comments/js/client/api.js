/** The HTTP API of one thread. */

import { queryOf } from "./addresses.js";
import { endingAfter } from "./clock.js";
import { BANNED, NOT_FOUND } from "./codes.js";

/**
 * @import { End } from "./states.js"
 * @import { Comment, HistoryAnswer, Refusal, Replies, Shown, Since, Snapshot, User } from "./wire.js"
 *
 * @typedef {{body?: object, method?: string, signal?: AbortSignal, keepalive?: boolean}} CallOptions
 */

const PATIENCE = 15_000; // ms for an answer
const STREAM = "text/event-stream";
/** Close codes of a socket that the same refusal would have ended. */
const FINAL = new Map([
  ["not_found", NOT_FOUND],
  ["banned", BANNED],
]);

/** The site gives its reasons; a filter between it and the reader does not. */
const BY_A_STRANGER = "Something on the way to the site did not let it through.";

/** A refusal (`code`, `reason`, `message`, `retry_after` as on the socket), or no answer at all (`code` 0). */
export class ApiError extends Error {
  /** @param {Refusal} refusal */
  constructor({ code, reason = null, message, retry_after = null, comment = null }) {
    super(message ?? (code === 0 ? "There was no answer." : BY_A_STRANGER));
    this.code = code;
    this.reason = reason;
    this.retry_after = retry_after;
    /** As it is now, where the reason is `stale`. */
    this.comment = comment;
  }

  /** @returns {boolean} whether the same request may succeed later, because nothing decided against it */
  get isPassing() {
    return this.code === 0 || this.code === 408 || this.code === 429 || this.code >= 500;
  }
}

export class Api {
  #thread;
  #site;
  #reader;
  #isAnonymous;
  #csrfToken;
  #token;
  #fetch;

  /**
   * @param {object} options
   * @param {string} options.thread address of one thread's calls, such as "/api/articles/plums/", with or without a host
   * @param {string} [options.site] address below which `me/` and `guest/` are
   * @param {string | null} [options.reader] id of this page view, by which the server counts its reader once
   * @param {() => boolean} [options.isAnonymous] whether the reader is to be counted without their name
   * @param {() => string | null | undefined} [options.csrfToken] what a write by a session needs
   * @param {string | null} [options.token] of a program, in place of a session
   * @param {typeof globalThis.fetch} [options.fetch]
   */
  constructor({ thread, site = "/api/", reader = null, isAnonymous = () => false, ...rest }) {
    const { csrfToken = () => null, token = null, fetch } = rest;
    this.#thread = thread.replace(/\/?$/, "/");
    this.#site = site.replace(/\/?$/, "/");
    this.#reader = reader;
    this.#isAnonymous = isAnonymous;
    this.#csrfToken = csrfToken;
    this.#token = token;
    this.#fetch = fetch ?? globalThis.fetch.bind(globalThis);
  }

  /**
   * Changes after a position; see docs/protocol.md.
   * @param {number} after
   * @param {string} epoch
   * @param {{wait?: number, reactionsAfter?: number, signal?: AbortSignal}} [options] `wait`: s that the answer may wait for
   *   a change
   * @returns {Promise<HistoryAnswer>}
   */
  async history(after, epoch, { wait = 0, reactionsAfter, signal } = {}) {
    const query = queryOf({ after, epoch, wait: wait || null, reactions_after: reactionsAfter });
    return this.#ask("epoch", `history/${query}`, { signal });
  }

  /**
   * The thread's frames as server-sent events.
   * @param {string} lastEventId the one to go on behind
   * @param {AbortSignal} signal
   * @returns {Promise<Response & {body: ReadableStream<Uint8Array<ArrayBuffer>>}>} with a body that does not end
   */
  async events(lastEventId, signal) {
    const query = queryOf({ reader: this.#reader, anonymous: this.#isAnonymous() ? 1 : null });
    const headers = { Accept: STREAM, "Last-Event-ID": lastEventId };
    const response = await this.#answer(`${this.#thread}events/${query}`, { headers, signal });
    if (!response.ok) throw await refusalOf(response);
    // A page of somebody else's, as of a network that wants a login first.
    if (!isStream(response)) throw new ApiError({ code: 406 });
    return response;
  }

  /**
   * Who the cookies say is here.
   * @param {AbortSignal} [signal]
   * @returns {Promise<User | null>}
   */
  async me(signal) {
    const { user } = await this.#call(`${this.#site}me/`, { signal });
    return user ? checked(user, "id") : null;
  }

  /**
   * A page of conversations: the first, the one beyond a cursor, or the one that holds a comment.
   * @param {{sort?: string, cursor?: string | null, around?: string | null, limit?: number}} [options] `limit`: roots
   * @returns {Promise<Snapshot>}
   */
  async comments({ sort = "newest", cursor = null, around = null, limit = 25 } = {}) {
    return this.#ask("epoch", `comments/${queryOf({ sort, limit, cursor, around })}`);
  }

  /**
   * A page of one conversation's replies: the first, or the one beyond a cursor.
   * @param {string} id of any comment of the conversation
   * @param {{cursor?: string | null, limit?: number}} [options]
   * @returns {Promise<Replies>}
   */
  async replies(id, { cursor = null, limit = 50 } = {}) {
    return this.#ask("epoch", `comments/${encodeURIComponent(id)}/replies/${queryOf({ limit, cursor })}`);
  }

  /**
   * Stores a comment, if `author` is still who writes; the same `ref` again gives the same comment.
   * @param {{content: string, ref: string, parent: string | null, author?: string | null}} comment
   * @returns {Promise<Comment & {seq?: number | null}>}
   */
  async post({ content, ref, parent, author }) {
    return this.#ask("id", "comments/", { body: { content, ref, parent, author } });
  }

  /**
   * What a comment of this text would look like.
   * @param {string} content
   * @returns {Promise<{html: string}>}
   */
  async preview(content) {
    return this.#ask("html", "comments/preview/", { body: { content } });
  }

  /**
   * Asks something of one comment (own.js).
   * @template T
   * @param {string} id
   * @param {{method?: string, path?: string, body?: object}} [options] `path`: below the comment's own address
   * @returns {Promise<T>}
   */
  async about(id, { method = "GET", path = "", body } = {}) {
    const answer = await this.#call(`${this.#thread}comments/${encodeURIComponent(id)}/${path}`, { method, body });
    return /** @type {T} */ (/** @type {unknown} */ (answer));
  }

  /**
   * Whether what a page shows is what the database holds.
   * @param {Shown} shown
   * @returns {Promise<{seq: number, same: boolean | null}>}
   */
  async verify(shown) {
    const answer = await this.#call(`${this.#thread}verify/`, { body: shown });
    if (typeof answer.seq !== "number") throw new ApiError({ code: 502 });
    return /** @type {{seq: number, same: boolean | null}} */ (/** @type {unknown} */ (answer));
  }

  /**
   * What others changed since this person's last visit.
   * @param {{epoch: string, seq: number} | null} [mark] of the last visit, where the client keeps it itself
   * @returns {Promise<Since>}
   */
  async since(mark = null) {
    return this.#ask("epoch", `since/${queryOf({ epoch: mark?.epoch, seq: mark?.seq })}`);
  }

  /**
   * Keeps up to where this person was told of the thread. The page may be left meanwhile.
   * @param {{epoch: string, seq: number}} mark
   * @returns {Promise<{epoch: string, seq: number}>} where it is kept now
   */
  async read({ epoch, seq }) {
    return this.#ask("epoch", "read/", { body: { epoch, seq }, keepalive: true });
  }

  /**
   * Gives a guest a name, which a cookie keeps.
   * @param {string} name
   * @returns {Promise<User>}
   */
  async nameGuest(name) {
    return checked(await this.#call(`${this.#site}guest/`, { body: { name } }), "id");
  }

  /**
   * @template T
   * @param {string} field a text that the answer has to have
   * @param {string} path below the thread's address
   * @param {CallOptions} [options]
   * @returns {Promise<T>}
   */
  async #ask(field, path, options) {
    return checked(await this.#call(this.#thread + path, options), field);
  }

  /**
   * @param {string} url
   * @param {CallOptions} [options]
   * @returns {Promise<Record<string, unknown>>}
   */
  async #call(url, { body, method = body ? "POST" : "GET", signal = endingAfter(PATIENCE), keepalive } = {}) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (method === "GET") return dataOf(await this.#answer(url, { headers, signal }));
    headers["Content-Type"] = "application/json";
    const csrfToken = this.#csrfToken();
    if (csrfToken) headers["X-CSRFToken"] = csrfToken;
    return dataOf(await this.#answer(url, { headers, signal, method, keepalive, body: body && JSON.stringify(body) }));
  }

  /**
   * @param {string} url
   * @param {RequestInit & {headers: Record<string, string>}} request
   */
  async #answer(url, request) {
    const headers = this.#token ? { ...request.headers, Authorization: `Token ${this.#token}` } : request.headers;
    try {
      return await this.#fetch(url, { credentials: "same-origin", cache: "no-store", ...request, headers });
    } catch {
      throw new ApiError({ code: 0 });
    }
  }
}

/**
 * What a request that failed means to a connection made of requests.
 * @param {unknown} error
 * @returns {End}
 */
export function endOf(error) {
  if (!(error instanceof ApiError)) return {}; // it broke off on its way
  const code = FINAL.get(error.reason ?? "");
  if (code !== undefined) return { code };
  return { retry_after: error.retry_after, refused: !error.isPassing };
}

/**
 * @param {Response} response
 * @returns {response is Response & {body: ReadableStream<Uint8Array<ArrayBuffer>>}}
 */
function isStream(response) {
  return response.body !== null && Boolean(response.headers.get("Content-Type")?.startsWith(STREAM));
}

/**
 * @param {Response} response
 * @returns {Promise<Record<string, unknown>>}
 * @throws {ApiError}
 */
async function dataOf(response) {
  if (!response.ok) throw await refusalOf(response);
  if (response.status === 204) return {};
  const data = await response.json().catch(() => null);
  if (!isObject(data)) throw new ApiError({ code: 502 });
  return data;
}

/** @param {Response} response */
async function refusalOf(response) {
  const data = await response.json().catch(() => null);
  const retry_after = Number(response.headers.get("Retry-After")) || null;
  return new ApiError({ retry_after, ...(isObject(data) ? data : {}), code: response.status });
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Makes sure that it was the site that answered. A network that wants a login first may say 200, with JSON.
 * @template T
 * @param {unknown} answer
 * @param {string} field a text that the site's own answer has
 * @returns {T}
 * @throws {ApiError}
 */
function checked(answer, field) {
  if (!isObject(answer) || typeof answer[field] !== "string") throw new ApiError({ code: 502 });
  return /** @type {T} */ (/** @type {unknown} */ (answer));
}
