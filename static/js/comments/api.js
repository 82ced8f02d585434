/** The site's HTTP API, as the page needs it. */

const PATIENCE = 15_000; // ms for an answer

/** A refusal (`code`, `reason`, `message`, `retry_after` as on the socket), or no answer at all (`code` 0). */
export class ApiError extends Error {
  /** @param {{code: number, reason?: string, message?: string, retry_after?: number}} error */
  constructor(error) {
    super(error.message ?? "There was no answer.");
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

  /** Changes after a position; see docs/protocol.md. */
  history(after, epoch) {
    return this.call(`${this.article}/history/?${new URLSearchParams({ after, epoch })}`);
  }

  /** A page of the newest comments, or of those beyond a cursor. */
  async comments({ cursor = null, limit = 50 } = {}) {
    const query = new URLSearchParams({ sort: "newest", limit });
    if (cursor !== null) query.set("cursor", cursor);
    const { results, ...page } = await this.call(`${this.article}/comments/?${query}`);
    return { ...page, comments: results };
  }

  /** Stores a comment; the same `ref` again gives the same comment. */
  post({ content, ref, parent }) {
    return this.call(`${this.article}/comments/`, { content, ref, parent });
  }

  /** Gives a guest a name, which a cookie keeps. */
  nameGuest(name) {
    return this.call("/api/guest/", { name });
  }

  async call(url, body) {
    const response = await this.answer(url, body);
    const data = await response.json().catch(() => null);
    if (response.ok && data !== null) return data;
    const wait = Number(response.headers.get("Retry-After")) || null;
    throw new ApiError({ retry_after: wait, ...data, code: response.ok ? 502 : response.status });
  }

  async answer(url, body) {
    const headers = { Accept: "application/json" };
    const request = { headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
    if (body) {
      Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": this.csrfToken() });
      Object.assign(request, { method: "POST", body: JSON.stringify(body) });
    }
    try {
      return await this.fetch(url, request);
    } catch {
      throw new ApiError({ code: 0 });
    }
  }
}
