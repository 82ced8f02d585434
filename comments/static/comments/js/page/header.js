/** The lines around the list: how the connection is, who reads, who types, how many comments there are. */

import { part, setText } from "./dom.js";
import { peopleLines, peopleText, typingText } from "./presence.js";

/** @import { Presence, Typing } from "../client/wire.js" */

/** A blip shorter than this is nobody's concern. */
const BLIP = 1_500; // ms

/** `blind`: what serves says nothing of who reads and who types. */
const STATUS = {
  live: "Live",
  blind: "Live",
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  offline: "Offline — comments will catch up",
  off: "Live updates are off",
};

/** @typedef {keyof typeof STATUS} Status */

/** @type {Record<number, string>} close codes after which connecting again can't help, for the reader */
const STOPPED = {
  4501: "This page is out of date. Please reload it.",
  4503: "This page is no longer here",
  4504: "Live updates are off: too many of your pages are open",
  4505: "You may not take part here",
};

/** @type {{text: string, lines: string[]}} */
const NOBODY = { text: "", lines: [] };

export class Header {
  /** @type {Status | null} what is shown */
  #shown = null;
  /** What is to be shown, now or when BLIP is over. */
  #said = "";
  #timer = 0;
  /** Who reads and who types as last heard, which is shown while it is true. */
  #people = NOBODY;
  #typists = "";

  /** @param {HTMLElement} section */
  constructor(section) {
    this.status = part(section, ".comments-status");
    this.typing = part(section, ".comments-typing");
    this.button = part(section, ".people-button");
    this.people = part(section, ".people-list");
    this.counter = part(section, ".comments-count");
    this.#listen(part(section, ".people"));
  }

  /**
   * @param {Status} status
   * @param {number | null} [code] close code, where the server wants no further attempt
   */
  setStatus(status, code = null) {
    const text = STOPPED[code ?? 0] ?? STATUS[status];
    if (this.#said === `${status} ${text}`) return;
    this.#said = `${status} ${text}`;
    clearTimeout(this.#timer);
    const show = () => this.#show(status, text);
    if (text === STATUS.live) show();
    else this.#timer = setTimeout(show, BLIP);
  }

  /** @param {number} count */
  setCount(count) {
    setText(this.counter, String(count));
  }

  /**
   * @param {Presence} presence
   * @param {string | null} self id of the reader
   */
  setPeople(presence, self) {
    this.#people = { text: peopleText(presence.count), lines: peopleLines(presence, self) };
    this.#drawPeople();
  }

  /**
   * @param {Typing | null} typing null: nobody does
   * @param {string | null} self id of the reader
   */
  setTyping(typing, self) {
    this.#typists = typing ? typingText(typing, self) : "";
    this.#drawTyping();
  }

  /**
   * @param {Status} status
   * @param {string} text
   */
  #show(status, text) {
    setText(this.status, text);
    this.status.dataset.kind = status === "blind" ? "live" : status;
    this.#shown = status;
    // Other people read by the time that the page hears of them again. A connection that is only interrupted goes on
    // with what it has said.
    if (status === "blind") {
      this.#people = NOBODY;
      this.#typists = "";
    }
    this.#drawPeople();
    this.#drawTyping();
  }

  #drawPeople() {
    const { text, lines } = this.#shown === "live" ? this.#people : NOBODY;
    this.button.hidden = !text;
    setText(this.button, text);
    if (!text) this.#disclose(false);
    this.people.replaceChildren(
      ...lines.map((line) => {
        const item = document.createElement("li");
        item.textContent = line;
        return item;
      }),
    );
  }

  #drawTyping() {
    setText(this.typing, this.#shown === "live" ? this.#typists : "");
  }

  /** @param {HTMLElement} people */
  #listen(people) {
    this.button.addEventListener("click", () => this.#disclose(Boolean(this.people.hidden)));
    people.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || this.people.hidden) return;
      this.#disclose(false);
      this.button.focus();
    });
    document.addEventListener("click", ({ target }) => {
      if (target instanceof Node && !people.contains(target)) this.#disclose(false);
    });
  }

  /** @param {boolean} open */
  #disclose(open) {
    this.people.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }
}
