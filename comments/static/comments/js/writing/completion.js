/** The list of names beneath the text, while somebody writes an @: WAI-ARIA's pattern of a list that completes a text. */

import { make } from "../dom.js";
import { plural } from "../plural.js";
import { matching, mentionAt } from "./mentions.js";

/** @import { Announcer } from "./problems.js" */

export class Completion {
  /** @type {{from: number, query: string} | null} what is completed while the list is open */
  #mention = null;
  #active = 0;

  /**
   * @param {HTMLTextAreaElement} text
   * @param {HTMLElement} list
   * @param {Announcer} announcer
   * @param {() => string[]} names of the people here, best first
   */
  constructor(text, list, announcer, names) {
    this.text = text;
    this.list = list;
    this.announcer = announcer;
    this.names = names;
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", list.id);
    text.addEventListener("input", (event) => this.#look(event));
    text.addEventListener("click", () => this.close());
    text.addEventListener("blur", () => this.close());
    // The text keeps the focus.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => {
      const option = target instanceof Element && target.closest("[role=option]");
      if (option) this.#choose([...list.children].indexOf(option));
    });
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was the list's
   */
  pressed(event) {
    if (!this.#mention || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) this.#activate(this.#active + step);
    else if (key === "Enter" || key === "Tab") this.#choose(this.#active);
    else if (key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  close() {
    if (this.#mention) this.announcer.say("names", "");
    this.#mention = null;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.text.removeAttribute("aria-activedescendant");
  }

  /** @param {Event} event */
  #look(event) {
    const isWritten = !(event instanceof InputEvent && event.isComposing);
    const { value, selectionStart, selectionEnd } = this.text;
    const mention = isWritten && selectionStart === selectionEnd ? mentionAt(value, selectionStart) : null;
    const names = mention ? matching(this.names(), mention.query) : [];
    const isNew = !this.#mention;
    this.close();
    if (names.length === 0) return;
    this.#mention = mention;
    this.list.replaceChildren(...names.map((name, index) => this.#option(name, index)));
    this.list.hidden = false;
    this.#activate(0);
    if (isNew) this.announcer.say("names", plural(names.length, "name"));
  }

  /**
   * @param {string} name
   * @param {number} index
   */
  #option(name, index) {
    const option = make("li", { id: `${this.list.id}-${index}`, dir: "auto" }, name);
    option.setAttribute("role", "option");
    return option;
  }

  /** @param {number} index */
  #activate(index) {
    const options = [...this.list.children];
    this.#active = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#active)));
    this.text.setAttribute("aria-activedescendant", options[this.#active].id);
    options[this.#active].scrollIntoView({ block: "nearest" });
  }

  /** @param {number} index */
  #choose(index) {
    const name = this.list.children[index]?.textContent;
    if (!this.#mention || !name) return;
    this.text.setRangeText(`@${name} `, this.#mention.from, this.text.selectionEnd, "end");
    this.close();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
