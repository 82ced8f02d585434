/** Who is typing, shown at the comment that is being answered. */

import { make, setText } from "../dom.js";
import { typingText } from "./presence.js";

/** @import { Typist } from "../client/wire.js" */

export class Typists {
  /** @type {Map<string, Typist[]>} by the id of the comment that they answer */
  #answering = new Map();
  /** @type {Set<Element>} the lines that say something */
  #lines = new Set();

  /** @param {(id: string) => HTMLElement | null} find the article of a comment, if it is in the list */
  constructor(find) {
    this.find = find;
  }

  /** @param {Typist[]} typists without the reader */
  show(typists) {
    this.#answering = new Map();
    for (const typist of typists) {
      if (typist.parent) this.#answering.set(typist.parent, [...(this.#answering.get(typist.parent) ?? []), typist]);
    }
    this.draw();
  }

  /** Writes the lines, also into articles that were drawn anew. They stand in a row that is there: nothing moves. */
  draw() {
    /** @type {Set<Element>} */
    const lines = new Set();
    for (const [id, typists] of this.#answering) {
      const row = this.find(id)?.querySelector(".comment-actions");
      if (!row) continue;
      const line = row.querySelector(".comment-typing") ?? row.appendChild(make("span", { className: "comment-typing" }));
      const text = typingText({ users: typists, count: typists.length }, null);
      setText(line, text);
      lines.add(line);
    }
    for (const line of this.#lines) if (!lines.has(line)) line.remove();
    this.#lines = lines;
  }
}
