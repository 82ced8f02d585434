/** Deleting an own comment: it goes at once, and for some seconds there is a way back in its place. */

import { hasFocus, make } from "../dom.js";
import { refusalText } from "./saying.js";

/**
 * @import { CommentCalls } from "../client/own.js"
 * @import { Say } from "./saying.js"
 */

export class Deleting {
  /**
   * @param {object} parts
   * @param {CommentCalls} parts.calls
   * @param {number} parts.window s in which it may be taken back
   * @param {(move: () => void, looked: Element | null) => void} parts.keepAnchor
   * @param {(id: string) => HTMLElement | null} parts.find
   * @param {Say} parts.say
   */
  constructor({ calls, window, keepAnchor, find, say }) {
    this.calls = calls;
    this.window = window * 1_000;
    this.keepAnchor = keepAnchor;
    this.find = find;
    this.say = say;
  }

  /** @param {HTMLElement} article */
  async start(article) {
    const { id = "" } = article.dataset;
    const note = newNote();
    this.keepAnchor(() => {
      article.parentElement?.before(note);
      article.classList.add("is-deleted-now");
    }, null);
    const undo = /** @type {HTMLButtonElement} */ (note.querySelector("button"));
    undo.focus({ preventScroll: true });
    const removed = this.calls.remove(id);
    undo.addEventListener("click", () => this.#undo(id, note, removed));
    const timer = setTimeout(() => leave(note), this.window);
    try {
      await removed;
    } catch (error) {
      clearTimeout(timer);
      note.remove();
      this.find(id)?.classList.remove("is-deleted-now");
      this.say(id, refusalText(error));
    }
  }

  /**
   * @param {string} id
   * @param {HTMLElement} note
   * @param {Promise<unknown>} removed
   */
  async #undo(id, note, removed) {
    const undo = /** @type {HTMLButtonElement} */ (note.querySelector("button"));
    undo.disabled = true;
    try {
      await removed;
      await this.calls.restore(id);
      note.remove();
      this.find(id)?.classList.remove("is-deleted-now");
    } catch (error) {
      undo.replaceWith(refusalText(error));
    }
  }
}

/**
 * The time is over. The focus goes on to the next comment, if it was here.
 * @param {HTMLElement} note
 */
function leave(note) {
  /** @type {HTMLElement | null | undefined} */
  const next = hasFocus(note) ? note.nextElementSibling?.querySelector(".comment") : null;
  note.remove();
  next?.focus({ preventScroll: true });
}

/** A line that the list does not count among its comments. */
function newNote() {
  const undo = make("button", { type: "button" }, "Undo");
  return make("li", { className: "comment-deleted is-leaving" }, "Deleted · ", undo);
}
