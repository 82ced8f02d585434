/** Deleting an own comment: it goes at once, and for some seconds there is a way back in its place. */

import { focusOn, make, part, passFocus } from "../dom.js";
import { refusalText } from "./saying.js";

/**
 * @import { CommentCalls } from "../client/own.js"
 * @import { StoredComment } from "../thread/types.js"
 * @import { Say } from "./saying.js"
 */

export class Deleting {
  /** @type {Map<string, HTMLElement>} the notes of comments that were taken back, and are not in the list again yet */
  #returning = new Map();

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
    const undo = /** @type {HTMLButtonElement} */ (note.querySelector("button"));
    this.keepAnchor(() => {
      article.parentElement?.before(note);
      focusOn(undo);
      article.classList.add("is-deleted-now");
    }, null);
    const removed = this.calls.remove(id);
    undo.addEventListener("click", () => this.#undo(id, note, removed));
    const timer = setTimeout(() => this.#leave(id, note), this.window);
    try {
      await removed;
    } catch (error) {
      clearTimeout(timer);
      this.#showAgain(id, note);
      this.say(id, refusalText(error));
    }
  }

  /**
   * Called for each comment at each drawing: one that was taken back is in the list again once that is done.
   * @param {StoredComment} comment
   */
  adorn({ id, status }) {
    const note = this.#returning.get(id);
    if (note && status === "visible") queueMicrotask(() => this.#showAgain(id, note));
  }

  /**
   * @param {string} id
   * @param {HTMLElement} note
   * @param {Promise<unknown>} removed
   */
  async #undo(id, note, removed) {
    const undo = part(note, "button");
    if (undo.getAttribute("aria-disabled") === "true") return;
    // Not `disabled`, which would take the focus away.
    undo.setAttribute("aria-disabled", "true");
    try {
      await removed;
      await this.calls.restore(id);
      this.#returning.set(id, note);
      if (this.find(id)?.dataset.status === "visible") this.#showAgain(id, note);
    } catch (error) {
      note.tabIndex = -1;
      passFocus(note, note);
      undo.replaceWith(refusalText(error));
      this.say(id, refusalText(error));
    }
  }

  /**
   * The comment stands where it stood. The focus, if it was at the note, is at what stands behind it then.
   * @param {string} id
   * @param {HTMLElement} note
   */
  #showAgain(id, note) {
    this.#returning.delete(id);
    const article = this.find(id);
    article?.classList.remove("is-deleted-now");
    this.keepAnchor(() => note.remove(), article);
  }

  /**
   * The time is over. The focus goes on to a comment beside it, if it was here.
   * @param {string} id
   * @param {HTMLElement} note
   */
  #leave(id, note) {
    this.#returning.delete(id);
    this.keepAnchor(() => note.remove(), null);
  }
}

/** A line that the list does not count among its comments. */
function newNote() {
  const undo = make("button", { type: "button" }, "Undo");
  return make("li", { className: "comment-deleted is-leaving" }, "Deleted · ", undo);
}
