/** What is commented on was revised while the page is open: says so, and shows the new text without losing the place. */

import { focusOn, part, setState, setText } from "../dom.js";
import { keepLine } from "./reading.js";

/**
 * @import { Subject } from "../client/wire.js"
 * @import { Announcer } from "./announcer.js"
 */

/** The element around what is commented on, in the project's template. */
const BODY = "[data-comments-subject]";
const FAILED = "The new text could not be loaded.";

export class Revision {
  /** The revision that the page shows, and the newest that it knows of. */
  #shown;
  #known;
  #url = "";

  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Announcer} parts.announcer
   */
  constructor(section, { announcer }) {
    this.notice = part(section, ".comments-revised");
    this.words = part(this.notice, ".comments-revised-words");
    this.link = part(this.notice, "a", HTMLAnchorElement);
    this.section = section;
    this.announcer = announcer;
    this.#shown = this.#known = Number(section.dataset.revision);
    this.link.addEventListener("click", (event) => this.#clicked(event));
    part(this.notice, "button").addEventListener("click", () => this.#close());
  }

  /** @param {Partial<Subject> | undefined} subject as a `welcome` or a `subject` frame has it */
  told({ revision = 0, url = "" } = {}) {
    if (revision <= this.#known) return;
    this.#known = revision;
    this.#url = this.link.href = url || location.pathname;
    this.#offer();
  }

  #offer() {
    setText(this.words, `This ${this.section.dataset.kind} was revised.`);
    this.notice.hidden = false;
    this.announcer.say("revision", this.words.textContent ?? "");
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const body = document.querySelector(BODY);
    // Without the element the link does what links do.
    if (!body || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#showNew(body);
  }

  /** @param {Element} body */
  async #showNew(body) {
    if (this.link.getAttribute("aria-busy") === "true") return;
    setState(this.link, "aria-busy", true);
    const fetched = await fetchPage(this.#url).catch(() => null);
    setState(this.link, "aria-busy", false);
    const renewed = fetched?.querySelector(BODY);
    const section = fetched?.querySelector(`#${this.section.id}`);
    if (!fetched || !renewed || !(section instanceof HTMLElement)) {
      setText(this.words, FAILED);
      return;
    }
    const fresh = document.importNode(renewed, true);
    keepLine(body, fresh, () => body.replaceWith(fresh));
    this.#shown = Number(section.dataset.revision);
    document.title = fetched.title;
    history.replaceState(history.state, "", this.#url + location.search + location.hash);
    this.#close();
    if (this.#known > this.#shown) this.#offer(); // it was revised again meanwhile
  }

  #close() {
    const hadFocus = this.notice.contains(document.activeElement);
    this.notice.hidden = true;
    if (!hadFocus) return;
    const body = document.querySelector(BODY);
    if (!(body instanceof HTMLElement)) return;
    body.tabIndex = -1;
    focusOn(body);
  }
}

/** @param {string} url */
async function fetchPage(url) {
  const response = await fetch(url, { credentials: "same-origin", cache: "no-cache" });
  if (!response.ok) throw new Error(`comments: ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
