/** The text as it will be shown: the server renders it, as it renders what is posted. */

import { part, setServerHtml, setState } from "../dom.js";
import { patiently } from "./patience.js";

/** @import { Announcer } from "./problems.js" */

const WRITE = "Keep writing";

export class Preview {
  /**
   * @param {HTMLFormElement} form
   * @param {HTMLTextAreaElement} text
   * @param {object} options
   * @param {(content: string) => Promise<string>} options.load its HTML; rejects with an Error that says why not
   * @param {(problem: string) => void} options.refuse
   * @param {Announcer} options.announcer
   */
  constructor(form, text, { load, refuse, announcer }) {
    this.text = text;
    this.load = load;
    this.refuse = refuse;
    this.announcer = announcer;
    this.shown = part(form, ".composer-preview");
    this.button = part(form, ".composer-look");
    this.name = this.button.textContent ?? "";
    this.button.addEventListener("click", (event) => {
      event.preventDefault();
      if (!this.isOpen) {
        this.#open();
        return;
      }
      this.close();
      this.text.focus();
    });
  }

  get isOpen() {
    return !this.shown.hidden;
  }

  close() {
    if (this.isOpen) this.#show(false);
  }

  async #open() {
    if (this.button.getAttribute("aria-disabled") === "true") return;
    setState(this.button, "aria-disabled", true);
    // When it is written on meanwhile, that is what its author looks at.
    const written = new AbortController();
    this.text.addEventListener("input", () => written.abort(), { once: true });
    try {
      const html = await patiently(() => this.load(this.text.value), this.refuse, written.signal);
      if (html === undefined || written.signal.aborted) return;
      setServerHtml(this.shown, html);
      this.#show(true);
    } catch (error) {
      this.refuse(error instanceof Error ? error.message : String(error));
    } finally {
      setState(this.button, "aria-disabled", false);
    }
  }

  /** @param {boolean} isOpen */
  #show(isOpen) {
    this.shown.hidden = !isOpen;
    this.text.hidden = isOpen;
    this.button.textContent = isOpen ? WRITE : this.name;
    this.announcer.say("preview", isOpen ? `Preview: ${this.shown.textContent}` : "");
    if (isOpen) this.refuse("");
  }
}
