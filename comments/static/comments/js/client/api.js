/** The site's HTTP API, as the page needs it. */

const PATIENCE = 15_000; // ms for an answer
const STREAM = "text/event-stream";
/** Close codes of a socket that the same refusal would have ended. */
const FINAL = { not_found: 4503, banned: 4505 };

/** The site gives its reasons; a filter between it and the reader does not. */
const BY_A_STRANGER = "Something on the way to the site did not let it through.";

/**
 * Makes sure that it was the site that answered. A network that wants a login first may say 200, with JSON.
 * @param {string} field a text that the site's own answer has
 * @throws {ApiError}
 */
function checked(answer, field) {
  if (typeof answer[field] !== "string") throw new ApiError({ code: 502 });
  return answer;
}

/** A refusal (`code`, `reason`, `message`, `retry_after` as on the socket), or no answer at all (`code` 0). */
export class ApiError extends Error {
  /** @param {{code: number, reason?: string, message?: string, retry_after?: number}} error */
  constructor(error) {
    super(error.message ?? (error.code === 0 ? "There was no answer." : BY_A_STRANGER));
    Object.assign(this, { reason: null, retry_after: null }, error);
  }

  /** @returns {boolean} whether the same request may succeed later, because nothing decided against it */
  get isPassing() {
    return this.code === 0 || this.code === 408 || this.code === 429 || this.code >= 500;
  }
}

export class Api {
  /**
   * @param {{slug: string, csrfToken: () => string, fetch?: typeof fetch}} options
   */
  constructor({ slug, csrfToken, fetch = globalThis.fetch.bind(globalThis) }) {
    Object.assign(this, { csrfToken, fetch, article: `/api/articles/${encodeURIComponent(slug)}` });
  }

  /**
   * Changes after a position; see docs/protocol.md.
   * @param {{wait?: number, signal?: AbortSignal}} [options] `wait`: s that the answer may wait for a change
   */
  async history(after, epoch, { wait = 0, signal } = {}) {
    const query = new URLSearchParams({ after, epoch, ...(wait && { wait }) });
    return checked(await this.call(`${this.article}/history/?${query}`, { signal }), "epoch");
  }

  /**
   * The article's frames as server-sent events.
   * @param {string} lastEventId the one to go on behind
   * @param {AbortSignal} signal
   * @returns {Promise<Response>} with a body that does not end
   */
  async events(lastEventId, signal) {
    const headers = { Accept: STREAM, "Last-Event-ID": lastEventId };
    const response = await this.answer(`${this.article}/events/`, { headers, signal });
    if (!response.ok) await this.data(response);
    // A page of somebody else's, as of a network that wants a login first.
    if (!response.headers.get("Content-Type")?.startsWith(STREAM)) throw new ApiError({ code: 406 });
    return response;
  }

  /** Who the cookies say is here. @returns {Promise<{id: string, name: string, role: string} | null>} */
  async me(signal) {
    return (await this.call("/api/me/", { signal })).user;
  }

  /** A page of the newest comments, or of those beyond a cursor. */
  async comments({ cursor = null, limit = 50 } = {}) {
    const query = new URLSearchParams({ sort: "newest", limit });
    if (cursor !== null) query.set("cursor", cursor);
    const { results, ...page } = checked(await this.call(`${this.article}/comments/?${query}`), "epoch");
    return { ...page, comments: results };
  }

  /** Stores a comment, if `author` is still who writes; the same `ref` again gives the same comment. */
  async post({ content, ref, parent, author }) {
    return checked(await this.call(`${this.article}/comments/`, { body: { content, ref, parent, author } }), "id");
  }

  /** Gives a guest a name, which a cookie keeps. */
  async nameGuest(name) {
    return checked(await this.call("/api/guest/", { body: { name } }), "id");
  }

  async call(url, { body, signal = AbortSignal.timeout(PATIENCE) } = {}) {
    const headers = { Accept: "application/json" };
    if (!body) return this.data(await this.answer(url, { headers, signal }));
    Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": this.csrfToken() });
    return this.data(await this.answer(url, { headers, signal, method: "POST", body: JSON.stringify(body) }));
  }

  async data(response) {
    const data = await response.json().catch(() => null);
    if (response.ok && data !== null) return data;
    const wait = Number(response.headers.get("Retry-After")) || null;
    throw new ApiError({ retry_after: wait, ...data, code: response.ok ? 502 : response.status });
  }

  async answer(url, request) {
    try {
      return await this.fetch(url, { credentials: "same-origin", cache: "no-store", ...request });
    } catch {
      throw new ApiError({ code: 0 });
    }
  }
}

/**
 * What a request that failed means to a connection made of requests.
 * @returns {{code?: number, retry_after?: number | null, refused?: boolean}} see connection.js's Listener
 */
export function endOf(error) {
  if (!(error instanceof ApiError)) return {}; // it broke off on its way
  if (Object.hasOwn(FINAL, error.reason)) return { code: FINAL[error.reason] };
  return { retry_after: error.retry_after, refused: !error.isPassing };
}
