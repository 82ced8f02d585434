/** Sentences at a comment, about what was asked for there. */

import { ApiError } from "../client/api.js";
import { make, setText } from "../dom.js";

/**
 * @import { Announcer } from "./announcer.js"
 *
 * @typedef {(id: string, text: string) => void} Say `id`: of the comment; no text takes back what was said there
 */

const SHOWN = 8_000; // ms

/**
 * @param {(id: string) => HTMLElement | null} find
 * @param {Announcer} announcer
 * @returns {Say} shows a sentence beneath the comment for a while, and has it read out
 */
export function sayingAt(find, announcer) {
  return (id, text) => {
    const article = find(id);
    announcer.say(`comment ${id}`, text);
    if (!article) return;
    const note = article.querySelector(".comment-note") ?? article.appendChild(make("p", { className: "comment-note" }));
    setText(note, text);
    if (!text) note.remove();
    else setTimeout(() => note.textContent === text && note.remove(), SHOWN);
  };
}

/**
 * @param {unknown} error
 * @returns {string} what to tell the reader of it
 */
export function refusalText(error) {
  if (error instanceof ApiError && error.code !== 0) return error.message;
  return "There was no answer. Please try again.";
}
