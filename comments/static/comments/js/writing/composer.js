/** The form to write with. What was typed leaves it only to be sent. */

import { part } from "../page/dom.js";
import { Name } from "./name.js";
import { showProblem } from "./problems.js";
import { Reply } from "./reply.js";
import { isBlank, tidy } from "./text.js";
import { Typing } from "./typing.js";

/** @import { Draft } from "./drafts.js" */

const COUNT_FROM = 0.9; // of the limit, where the counter appears
export class Composer {
  #isBusy = false;

  /**
   * @param {HTMLElement} section
   * @param {object} options
   * @param {number} options.limit characters that a comment may have
   * @param {boolean} options.takesGuests
   * @param {(draft: Draft) => boolean} options.onSubmit false: it stays in the form
   * @param {(name: string) => Promise<void>} options.onName rejects with an Error that says why not
   * @param {(on: boolean, parent: string | null) => void} options.onTyping
   * @param {(draft: Draft) => void} options.onDraft
   * @param {(move: () => void, element: Element | null) => void} options.keepAnchor
   */
  constructor(section, { limit, takesGuests, onSubmit, onName, onTyping, onDraft, keepAnchor }) {
    this.limit = limit;
    this.onSubmit = onSubmit;
    this.onDraft = onDraft;
    this.form = part(section, ".composer", HTMLFormElement);
    this.text = part(this.form, "#comment-content", HTMLTextAreaElement);
    this.error = part(this.form, "#comment-error");
    this.counter = part(this.form, ".composer-count");
    this.sendButton = part(this.form, ".composer-send");
    this.closedNotice = part(section, ".comments-closed");
    this.loginNotice = part(section, ".comments-login");
    this.name = new Name(this.form, { takesGuests, onName });
    this.reply = new Reply(section, this.form, {
      keepAnchor,
      onMove: () => this.onDraft(this.draft),
      onBack: () => this.text.focus(),
    });
    this.typing = new Typing((on) => onTyping(on, this.reply.parent));
    this.form.noValidate = true;
    this.#listen();
  }

  /** @returns {Draft} what stands in the form */
  get draft() {
    return { content: this.text.value, parent: this.reply.parent };
  }

  /**
   * Shows the form, or why there is none. What was typed stays in it either way.
   * @param {{closed: boolean}} thread
   */
  setOpen({ closed }) {
    const { mayWrite } = this.name;
    this.form.hidden = this.reply.back.hidden = closed || !mayWrite;
    this.closedNotice.hidden = !closed;
    this.loginNotice.hidden = closed || mayWrite;
  }

  /** @param {string} problem a sentence beneath the text; none takes it away */
  refuse(problem) {
    showProblem(this.error, this.text, problem);
  }

  focus() {
    this.text.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: "nearest" });
  }

  /**
   * Gives a text back to be changed; one that is being written stays, above it.
   * @param {string} content
   */
  take(content) {
    this.restore([this.text.value.trimEnd(), content].filter(Boolean).join("\n\n"));
    this.refuse("");
    this.onDraft(this.draft);
    this.text.focus();
  }

  /**
   * What was typed before the page was reloaded.
   * @param {string} content
   */
  restore(content) {
    this.text.value = content;
    this.#count();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.form.addEventListener("keydown", (event) => this.#pressed(event));
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("blur", () => queueMicrotask(() => this.#left()));
    part(this.form, ".composer-cancel").addEventListener("click", (event) => {
      event.preventDefault();
      this.reply.cancel();
    });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.reply.parent) {
      event.preventDefault();
      this.reply.cancel();
    }
  }

  #typed() {
    this.refuse("");
    this.#count();
    this.onDraft(this.draft);
    if (this.text.value.trim()) this.typing.typed();
    else this.typing.stopped();
  }

  /** Where the list is drawn anew around the form, the text has the focus again by now. */
  #left() {
    if (document.activeElement !== this.text) this.typing.stopped();
  }

  async #submit() {
    if (this.#isBusy || this.form.hidden) return;
    const problem = this.#problem();
    if (problem) {
      this.refuse(problem);
      this.text.focus();
      return;
    }
    if (this.name.isAsked && !(await this.#giveName())) return;
    const { content, parent } = this.draft;
    if (!this.onSubmit({ content: tidy(content), parent })) return;
    this.typing.stopped();
    this.#clear();
  }

  async #giveName() {
    this.#setBusy(true);
    try {
      return await this.name.give();
    } finally {
      this.#setBusy(false);
    }
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    // Not `disabled`, which would take the focus away.
    this.sendButton.setAttribute("aria-disabled", String(isBusy));
    this.form.setAttribute("aria-busy", String(isBusy));
  }

  #problem() {
    if (isBlank(this.text.value)) return "Write something first.";
    const over = this.#length() - this.limit;
    return over > 0 ? `This is too long by ${characters(over)}. Please shorten it.` : "";
  }

  /** As the server counts: by character, without the blank lines around it. */
  #length() {
    return [...tidy(this.text.value)].length;
  }

  #count() {
    const left = this.limit - this.#length();
    this.counter.hidden = left > this.limit * (1 - COUNT_FROM);
    this.counter.classList.toggle("is-over", left < 0);
    this.counter.textContent = left < 0 ? `${characters(-left)} too many` : `${characters(left)} left`;
  }

  #clear() {
    this.restore("");
    this.refuse("");
    if (this.reply.parent) this.reply.cancel();
    else this.onDraft(this.draft);
  }
}

const characters = (/** @type {number} */ n) => `${n} ${n === 1 ? "character" : "characters"}`;
