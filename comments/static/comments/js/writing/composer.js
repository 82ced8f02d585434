/** The form to write with. What was typed leaves it only to be sent. */

import { focusOn, hasFocus, part } from "../dom.js";
import { plural } from "../plural.js";
import { Completion } from "./completion.js";
import { joined } from "./drafts.js";
import { Name } from "./name.js";
import { Note } from "./note.js";
import { Preview } from "./preview.js";
import { showProblem } from "./problems.js";
import { refusal } from "./refusals.js";
import { Reply } from "./reply.js";
import { isBlank, tidy } from "./text.js";
import { Typing } from "./typing.js";

/**
 * @import { Draft } from "./drafts.js"
 * @import { Announcer } from "./problems.js"
 */

const COUNT_FROM = 0.9; // of the limit, where the counter appears
const DOUBLE = 1_000; // ms in which a second press is the first one's

export class Composer {
  #isBusy = false;
  #isClosed = false;
  #sentAt = -Infinity;
  /** The form itself goes to the login. */
  #leaves = false;

  /**
   * @param {HTMLElement} section
   * @param {object} options
   * @param {number} options.limit characters that a comment may have
   * @param {boolean} options.takesGuests
   * @param {(draft: Draft) => boolean} options.onSubmit false: it stays in the form
   * @param {(name: string) => Promise<void>} options.onName rejects with an Error that says why not
   * @param {(on: boolean, parent: string | null) => void} options.onTyping
   * @param {(draft: Draft) => boolean} options.onDraft whether it is kept over a reload
   * @param {(parent: string | null) => string} options.draftOf what was begun in another place
   * @param {(content: string) => Promise<string>} options.preview its HTML
   * @param {() => string[]} options.names of the people here
   * @param {(move: () => void, element: Element | null) => void} options.keepAnchor
   * @param {Announcer} options.announcer
   */
  constructor(section, options) {
    const { announcer } = options;
    this.limit = options.limit;
    this.onSubmit = options.onSubmit;
    this.onDraft = options.onDraft;
    this.draftOf = options.draftOf;
    this.form = part(section, ".composer", HTMLFormElement);
    this.text = part(this.form, "#comment-content", HTMLTextAreaElement);
    this.error = part(this.form, "#comment-error");
    this.counter = part(this.form, ".composer-count");
    this.sendButton = part(this.form, ".composer-send");
    this.closedNotice = part(section, ".comments-closed");
    this.loginNotice = part(section, ".comments-login");
    this.announcer = announcer;
    this.note = new Note(part(this.form, ".composer-note"), announcer);
    this.name = new Name(this.form, options);
    this.reply = new Reply(section, this.form, {
      keepAnchor: options.keepAnchor,
      onMove: () => this.#moved(),
      onBack: () => this.focus(),
    });
    this.preview = new Preview(this.form, this.text, { load: options.preview, refuse: (problem) => this.refuse(problem), announcer });
    const people = part(this.form, ".composer-people");
    this.completion = new Completion(this.text, people, announcer, options.names);
    this.typing = new Typing((on) => options.onTyping(on, this.reply.parent));
    this.form.noValidate = true;
    if (this.form.contains(document.activeElement)) this.#open();
    this.#listen();
  }

  /** @returns {Draft} what stands in the form */
  get draft() {
    const { answered } = this.reply;
    return { content: this.text.value, parent: answered?.id ?? null, to: answered?.user, version: answered?.version };
  }

  /** Whether something can be written and sent here. */
  get mayWrite() {
    return !this.#isClosed && this.name.mayWrite;
  }

  /**
   * Shows the form, or why there is none. What was typed stays in sight either way.
   * @param {{closed: boolean}} thread
   */
  setOpen({ closed }) {
    this.#isClosed = closed;
    const isKept = this.text.value.trim() !== "";
    const hadFocus = hasFocus(this.form);
    this.form.hidden = !this.mayWrite && !isKept;
    this.reply.back.hidden = !this.mayWrite;
    this.text.readOnly = closed;
    this.#showBusy();
    this.note.say("closed", closed && isKept ? "Comments were closed. Your text is kept here." : "");
    this.closedNotice.hidden = !closed;
    this.loginNotice.hidden = closed || this.name.mayWrite;
    if (hadFocus && this.form.hidden) focusOn(closed ? this.closedNotice : this.loginNotice);
  }

  /** The account was switched off, and the page says so where it would ask to log in. */
  ban() {
    this.loginNotice.textContent = refusal({ reason: "banned" }).text;
    this.name.ban();
  }

  /** @param {string} problem a sentence beneath the text; none takes it away */
  refuse(problem) {
    showProblem(this.error, this.text, problem, this.announcer);
  }

  focus() {
    this.#open();
    this.preview.close();
    focusOn(this.text);
    this.form.scrollIntoView({ block: "nearest" });
  }

  /**
   * Gives a text back to be changed; one that is being written stays, above it.
   * @param {string} content
   */
  take(content) {
    this.restore(joined(this.text.value, content));
    this.refuse("");
    this.onDraft(this.draft);
  }

  /**
   * What was typed before.
   * @param {string} content
   */
  restore(content) {
    this.preview.close();
    this.completion.close();
    this.text.value = content;
    if (content) this.#open();
    this.#count();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      if (this.#leaves) return;
      event.preventDefault();
      this.#submit();
    });
    // The second press of a double click is the first one's.
    this.sendButton.addEventListener("click", (event) => event.detail > 1 && event.preventDefault());
    this.form.addEventListener("focusin", () => this.#open());
    this.form.addEventListener("keydown", (event) => this.#pressed(event));
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("blur", () => queueMicrotask(() => this.#left()));
    part(this.form, ".composer-cancel").addEventListener("click", (event) => {
      event.preventDefault();
      this.reply.cancel();
    });
    this.name.loginButton.addEventListener("click", (event) => this.#logIn(event));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // A key that an input method takes is its own: some browsers say so by the number 229 alone.
    if (event.isComposing || event.keyCode === 229 || this.completion.pressed(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Enter" && event.target === this.name.input) {
      event.preventDefault(); // of the form's buttons the browser would press the first
      this.#submit();
    } else if (event.key === "Escape") {
      this.#escape(event);
    }
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (this.preview.isOpen) this.focus();
    else if (this.reply.parent) this.reply.cancel();
    else return;
    event.preventDefault();
  }

  #typed() {
    this.#open();
    this.refuse("");
    this.note.say("posted", "");
    this.#count();
    this.onDraft(this.draft);
    if (this.text.value.trim()) this.typing.typed();
    else this.typing.stopped();
  }

  /** Where the list is drawn anew around the form, the text has the focus again by now. */
  #left() {
    if (document.activeElement !== this.text) this.typing.stopped();
  }

  /** The form stands in another place: what was begun there is in it now. */
  #moved() {
    this.refuse("");
    this.note.say("parent", "");
    this.restore(this.draftOf(this.reply.parent));
  }

  /**
   * Goes to the login, which leads back to the form. Where the browser keeps nothing, the server does.
   * @param {Event} event
   */
  #logIn(event) {
    this.#leaves = this.text.value.trim() !== "" && !this.onDraft(this.draft);
    if (this.#leaves) return;
    event.preventDefault();
    location.assign(this.name.loginButton.dataset.href ?? "");
  }

  async #submit() {
    if (this.#isBusy || this.form.hidden || this.#isClosed) return;
    const problem = this.#problem();
    if (problem) {
      // A second press finds the form empty, because the first one sent what was in it.
      if (!this.text.value && performance.now() - this.#sentAt < DOUBLE) return;
      this.preview.close();
      this.refuse(problem);
      this.text.focus();
      return;
    }
    if (this.name.isAsked && !(await this.#giveName())) return;
    const { content, ...place } = this.draft;
    if (!this.onSubmit({ ...place, content: tidy(content) })) return;
    this.#sentAt = performance.now();
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
    this.form.setAttribute("aria-busy", String(isBusy));
    this.#showBusy();
  }

  #showBusy() {
    // Not `disabled`, which would take the focus away.
    this.sendButton.setAttribute("aria-disabled", String(this.#isBusy || this.#isClosed));
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

  /** One line is enough until somebody writes. */
  #open() {
    this.form.classList.remove("is-line");
  }

  #clear() {
    this.onDraft({ ...this.draft, content: "" });
    this.restore("");
    this.refuse("");
    if (this.reply.parent) this.reply.cancel();
  }
}

const characters = (/** @type {number} */ n) => plural(n, "character");
