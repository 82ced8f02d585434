/**
 * Editing an own comment where it stands, for as long as that is allowed.
 *
 * It is loaded when somebody edits for the first time (own.js), in production as a file of its own: it imports only what
 * keeps nothing in mind, for a second copy of that comes with it.
 */

import { focusOn, hasFocus, part, presentOf, setServerHtml, setText } from "../dom.js";

/**
 * @import { ApiError } from "../client/api.js"
 * @import { CommentCalls } from "../client/own.js"
 * @import { Comment } from "../client/wire.js"
 * @import { StoredComment } from "../thread/types.js"
 * @import { Announcer } from "./announcer.js"
 * @import { Say } from "./saying.js"
 *
 * @typedef {object} Open an editor
 * @property {HTMLFormElement} form
 * @property {number} version that is edited
 * @property {string} source of that version
 * @property {number} until ms, by the server's clock
 * @property {Element | null} focused what has the focus in it
 * @property {string | null} author id of whoever edits
 */

const SECOND = 1_000; // ms
const MINUTE = 60 * SECOND;

export class Editing {
  /** @type {Map<string, Open>} by comment */
  #open = new Map();
  /** @type {Map<string, string>} texts that were left without saving them */
  #drafts = new Map();

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.section
   * @param {CommentCalls} parts.calls
   * @param {(article: HTMLElement) => number} parts.endOf ms, by the server's clock: when a comment can't be edited any more
   * @param {() => number} parts.now ms, by that clock
   * @param {(error: unknown) => string} parts.refusalText
   * @param {() => string | null} parts.self
   * @param {(move: () => void, looked: Element | null) => void} parts.keepAnchor
   * @param {Announcer} parts.announcer
   * @param {Say} parts.say
   */
  constructor({ section, calls, endOf, now, refusalText, self, keepAnchor, announcer, say }) {
    this.template = part(section, "[data-template=editor]", HTMLTemplateElement);
    this.calls = calls;
    this.endOf = endOf;
    this.now = now;
    this.refusalText = refusalText;
    this.self = self;
    this.keepAnchor = keepAnchor;
    this.announcer = announcer;
    this.say = say;
    setInterval(() => this.#tick(), SECOND);
  }

  /** @param {HTMLElement} article */
  async start(article) {
    const { id = "" } = article.dataset;
    if (this.#open.has(id)) return this.#focus(id);
    try {
      const { content, version } = await this.calls.read(id);
      const here = presentOf(article);
      if (!here) return undefined;
      const until = this.endOf(article);
      const form = this.#newForm(id, this.#drafts.get(id) ?? content);
      this.#open.set(id, { form, version, source: content, until, focused: this.#field(form), author: this.self() });
      this.keepAnchor(() => this.#place(here, form), here);
      this.#focus(id);
      this.#tick();
    } catch (error) {
      this.say(id, this.refusalText(error));
    }
    return undefined;
  }

  /**
   * Keeps an editor in its comment, which may be drawn anew, and says when the comment was changed meanwhile.
   * @param {HTMLElement} article
   * @param {StoredComment} comment
   */
  adorn(article, comment) {
    const open = this.#open.get(comment.id);
    if (!open) return;
    if (comment.status !== "visible") {
      this.#drafts.set(comment.id, this.#field(open.form).value);
      this.#close(comment.id);
      return;
    }
    if (!article.contains(open.form)) this.#place(article, open.form);
    if (open.focused && !hasFocus(open.form)) focusOn(open.focused);
    if (comment.version > open.version && typeof comment.content === "string") {
      this.#showConflict(open, /** @type {Comment} */ (/** @type {unknown} */ (comment)));
    }
  }

  /** Another member must not see what the one before was writing; it is there when that one is back. */
  userChanged() {
    const self = this.self();
    if (self === null) return;
    for (const [id, { author, form }] of this.#open) {
      if (author === self) continue;
      this.#drafts.set(id, this.#field(form).value);
      this.#end(id);
    }
  }

  /** Shows the time that is left. */
  #tick() {
    for (const { form, until } of this.#open.values()) {
      const left = until - this.now();
      setText(part(form, ".editor-left"), leftText(left));
      // Not `disabled`, which would take the focus away.
      part(form, ".editor-save").setAttribute("aria-disabled", String(left <= 0));
    }
  }

  /**
   * @param {HTMLElement} article
   * @param {HTMLFormElement} form
   */
  #place(article, form) {
    article.classList.add("is-edited-now");
    part(article, ".comment-text").after(form);
  }

  /**
   * @param {string} id
   * @param {string} content
   */
  #newForm(id, content) {
    const form = part(document.importNode(this.template.content, true), "form", HTMLFormElement);
    const field = this.#field(form);
    field.id = `editor-${id}`;
    part(form, "label").setAttribute("for", field.id);
    field.value = content;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save(id);
    });
    form.addEventListener("keydown", (event) => this.#keyed(event, id));
    form.addEventListener("focusin", () => this.#note(id));
    // Where its comment is drawn anew, the field has the focus again by then.
    form.addEventListener("focusout", () => queueMicrotask(() => this.#note(id)));
    part(form, ".editor-cancel").addEventListener("click", () => this.#leave(id));
    part(form, ".editor-mine").addEventListener("click", () => this.#saveMine(id));
    part(form, ".editor-theirs").addEventListener("click", () => this.#takeTheirs(id));
    return form;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string} id
   */
  #keyed(event, id) {
    if (event.isComposing || event.keyCode === 229) return; // Safari's Escape and Enter in a composition
    if (event.key === "Escape") this.#leave(id);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#save(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} id */
  #note(id) {
    const open = this.#open.get(id);
    if (open?.form.isConnected) open.focused = hasFocus(open.form) ? document.activeElement : null;
  }

  /** @param {string} id */
  async #save(id) {
    const open = this.#open.get(id);
    if (!open || open.form.classList.contains("is-busy") || open.until <= this.now()) return;
    const content = this.#field(open.form).value;
    open.form.classList.add("is-busy");
    this.#tell(open.form, ".editor-error", "");
    try {
      await this.calls.edit(id, { content, version: open.version, author: this.self() });
      this.#drafts.delete(id);
      this.#end(id);
    } catch (error) {
      const { comment } = /** @type {Partial<ApiError>} */ (error);
      if (comment) this.#showConflict(open, comment);
      else this.#tell(open.form, ".editor-error", this.refusalText(error));
    } finally {
      open.form.classList.remove("is-busy");
    }
  }

  /** @param {string} id */
  #saveMine(id) {
    const open = this.#open.get(id);
    if (!open) return;
    open.version = Number(open.form.dataset.present);
    this.#focus(id);
    part(open.form, ".editor-conflict").hidden = true;
    this.#save(id);
  }

  /** @param {string} id */
  #takeTheirs(id) {
    this.#drafts.delete(id);
    this.#end(id);
  }

  /**
   * Shows both texts, and asks which one is to stand.
   * @param {Open} open
   * @param {Comment} present
   */
  #showConflict({ form }, present) {
    if (form.dataset.present === String(present.version)) return;
    form.dataset.present = String(present.version);
    const who = present.edited_by === "moderator" ? "A moderator changed this comment" : "This comment was changed";
    this.#tell(form, ".editor-changed", `${who} meanwhile. It says now:`);
    setServerHtml(part(form, ".editor-present"), present.html);
    part(form, ".editor-conflict").hidden = false;
  }

  /**
   * @param {HTMLFormElement} form
   * @param {string} line
   * @param {string} text
   */
  #tell(form, line, text) {
    setText(part(form, line), text);
    this.announcer.say("editor", text);
  }

  /**
   * Leaves without saving; what was typed is there when it is edited again.
   * @param {string} id
   */
  #leave(id) {
    const open = this.#open.get(id);
    if (!open) return;
    const { value } = this.#field(open.form);
    if (value === open.source) this.#drafts.delete(id);
    else this.#drafts.set(id, value);
    this.#end(id);
    if (value !== open.source) this.say(id, "Not saved. What you typed is there when you edit again.");
  }

  /** @param {string} id */
  #end(id) {
    const article = this.#open.get(id)?.form.closest("article") ?? null;
    this.keepAnchor(() => this.#close(id), article);
    focusOn(article?.querySelector(".comment-menu-button"));
  }

  /** @param {string} id */
  #close(id) {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.form.closest("article")?.classList.remove("is-edited-now");
    open?.form.remove();
  }

  /** @param {string} id */
  #focus(id) {
    const open = this.#open.get(id);
    if (open) focusOn(this.#field(open.form));
  }

  /** @param {HTMLFormElement} form */
  #field(form) {
    return part(form, "textarea", HTMLTextAreaElement);
  }
}

/** @param {number} left ms */
function leftText(left) {
  if (left <= 0) return "The time to edit is over. You can still copy your text.";
  if (left < MINUTE) return "Less than a minute left";
  return `${Math.floor(left / MINUTE)} min left`;
}
