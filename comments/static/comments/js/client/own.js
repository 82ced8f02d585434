/** What a reader may ask of a comment that exists: calls of the HTTP API. */

/**
 * @import { Api } from "./api.js"
 * @import { Comment, Reactions, Revision } from "./wire.js"
 */

export class CommentCalls {
  #api;

  /** @param {Pick<Api, "about">} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * @param {string} id
   * @returns {Promise<Comment>} the comment with its source
   */
  read(id) {
    return this.#api.about(id);
  }

  /**
   * @param {string} id of an own comment
   * @param {{content: string, version: number, author: string | null}} edit `version`: the one that was edited
   * @returns {Promise<Comment>} a refusal for `stale` has the present comment as `comment`
   */
  edit(id, edit) {
    return this.#api.about(id, { method: "PATCH", body: edit });
  }

  /** @param {string} id of an own comment */
  remove(id) {
    return this.#api.about(id, { method: "DELETE" });
  }

  /**
   * @param {string} id of a comment that its author deleted a moment ago
   * @returns {Promise<Comment>}
   */
  restore(id) {
    return this.#api.about(id, { method: "POST", path: "restore/" });
  }

  /**
   * @param {string} id
   * @param {string} emoji
   * @param {boolean} on
   * @returns {Promise<Reactions>}
   */
  react(id, emoji, on) {
    return this.#api.about(id, { method: on ? "PUT" : "DELETE", path: `reactions/${encodeURIComponent(emoji)}/` });
  }

  /**
   * @param {string} id of an own comment, or of any for moderators
   * @returns {Promise<{results: Revision[]}>} the present text first
   */
  revisions(id) {
    return this.#api.about(id, { path: "revisions/" });
  }
}
