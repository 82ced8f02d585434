/** One line beneath the text, with the most important of what the writer should know before it is sent. */

import { make, setText } from "../dom.js";

/**
 * @import { Announcer } from "./problems.js"
 *
 * @typedef {"closed" | "parent" | "posted"} About
 */

/** @type {About[]} */
const ORDER = ["closed", "parent", "posted"];

export class Note {
  /** @type {Map<About, {text: string, link: {href: string, text: string} | null}>} */
  #said = new Map();

  /**
   * @param {HTMLElement} line
   * @param {Announcer} announcer
   */
  constructor(line, announcer) {
    this.line = line;
    this.announcer = announcer;
    this.text = line.appendChild(make("span"));
    this.link = line.appendChild(make("a"));
  }

  /**
   * @param {About} about
   * @param {string} text nothing: there is nothing to say about it any more
   * @param {{href: string, text: string} | null} [link]
   */
  say(about, text, link = null) {
    if (text) this.#said.set(about, { text, link });
    else this.#said.delete(about);
    const first = ORDER.flatMap((each) => this.#said.get(each) ?? [])[0];
    this.line.hidden = !first;
    this.link.hidden = !first?.link;
    setText(this.text, first?.text ?? "");
    this.announcer.say("note", first?.text ?? "");
    setText(this.link, first?.link?.text ?? "");
    this.link.href = first?.link?.href ?? "";
  }
}
