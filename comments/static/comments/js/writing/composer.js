/** The form to write with. What was typed leaves it only for the outbox. */

const TYPING_EVERY = 3_000; // ms
const COUNT_FROM = 0.9; // of the limit, where the counter appears
/** Anything that a reader would see: not a space, a control, or a mark without a letter. */
const VISIBLE = /[^\p{Z}\p{C}\p{M}\u115f\u1160\u3164\uffa0\u2800]/u;

/** Halves of characters, and NUL: the server takes no text that has them, and nobody sees them. */
const UNSENDABLE = /[\p{Cs}\0]/gu;

export class Composer {
  /**
   * @param {HTMLElement} section
   * @param {object} options
   * @param {(text: {content: string, parent: string | null}) => boolean} options.onSubmit false: it stays in the form
   * @param {(name: string) => Promise<void>} options.onName rejects with an ApiError
   * @param {(on: boolean, parent: string | null) => void} options.onTyping
   * @param {(draft: {content: string, parent: string | null}) => void} options.onDraft
   * @param {(move: () => void, element: Element | null) => void} options.keepPlace
   */
  constructor(section, { onSubmit, onName, onTyping, onDraft, keepPlace }) {
    Object.assign(this, { section, onSubmit, onName, onTyping, onDraft, keepPlace });
    const find = (selector) => section.querySelector(selector);
    this.form = find(".composer");
    this.home = find(".composer-place");
    this.text = find("#comment-content");
    this.name = find("#comment-name");
    this.limit = Number(section.dataset.maxContent);
    this.lastTyping = -Infinity;
    this.isBusy = false;
    this.guests = section.dataset.guests === "true";
    this.form.noValidate = true;
    // A browser that restores the form restores this too, but not where the form stood.
    if (this.part(".composer-to").hidden) this.setParent(null);
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.form.addEventListener("keydown", (event) => this.pressed(event));
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("blur", () => this.stopTyping());
    this.part(".composer-cancel").addEventListener("click", (event) => {
      event.preventDefault();
      this.cancelReply();
    });
    this.part(".composer-rename").addEventListener("click", () => this.askName());
    this.home.addEventListener("click", ({ target }) => {
      if (!target.closest(".composer-back")) return;
      this.goHome();
      this.text.focus();
    });
  }

  part(selector) {
    return this.form.querySelector(selector);
  }

  get parent() {
    return this.form.elements.parent.value || null;
  }

  get content() {
    return this.text.value;
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.parent) {
      event.preventDefault();
      this.cancelReply();
    }
  }

  typed() {
    this.refuse("");
    this.count();
    this.onDraft({ content: this.content, parent: this.parent });
    if (!this.content.trim()) {
      this.stopTyping();
      return;
    }
    if (performance.now() - this.lastTyping < TYPING_EVERY) return;
    this.lastTyping = performance.now();
    this.onTyping(true, this.parent);
  }

  stopTyping() {
    if (this.lastTyping === -Infinity) return;
    this.lastTyping = -Infinity;
    this.onTyping(false, this.parent);
  }

  async submit() {
    if (this.isBusy || this.form.hidden) return;
    const problem = this.problem();
    if (problem) {
      this.refuse(problem);
      this.text.focus();
      return;
    }
    if (this.asksName() && !(await this.giveName())) return;
    const { content, parent } = this;
    if (!this.onSubmit({ content: content.replace(UNSENDABLE, "").trim(), parent })) return;
    this.stopTyping();
    this.clear();
  }

  problem() {
    if (!VISIBLE.test(this.content)) return "Write something first.";
    const over = this.length() - this.limit;
    return over > 0 ? `This is too long by ${characters(over)}. Please shorten it.` : "";
  }

  /** As the server counts: by character, without surrounding white space. */
  length() {
    return [...this.content.trim()].length;
  }

  count() {
    const left = this.limit - this.length();
    const counter = this.part(".composer-count");
    counter.hidden = left > this.limit * (1 - COUNT_FROM);
    counter.classList.toggle("is-over", left < 0);
    counter.textContent = left < 0 ? `${characters(-left)} too many` : `${characters(left)} left`;
  }

  /** @param {string} problem a sentence beneath the text; none takes it away */
  refuse(problem) {
    show(this.part("#comment-error"), problem);
    setInvalid(this.text, problem);
  }

  asksName() {
    return !this.name.disabled;
  }

  askName() {
    this.name.disabled = false;
    this.name.value ||= this.user?.name ?? "";
    this.part(".composer-name").hidden = false;
    this.part(".composer-as").hidden = true;
    this.name.focus();
    this.name.select();
  }

  async giveName() {
    this.setBusy(true);
    try {
      await this.onName(this.name.value);
      this.refuseName("");
      return true;
    } catch (error) {
      this.refuseName(error.message);
      this.name.focus();
      return false;
    } finally {
      this.setBusy(false);
    }
  }

  refuseName(problem) {
    show(this.part("#comment-name-error"), problem);
    setInvalid(this.name, problem);
  }

  setBusy(isBusy) {
    this.isBusy = isBusy;
    // Not `disabled`, which would take the focus away.
    this.part(".composer-send").setAttribute("aria-disabled", String(isBusy));
    this.form.setAttribute("aria-busy", String(isBusy));
  }

  /** @param {{id: string, name: string, role: string} | null} user who writes */
  setUser(user) {
    this.user = user;
    this.part(".composer-name").hidden = Boolean(user) || !this.guests;
    this.name.disabled = Boolean(user) || !this.guests;
    this.part(".composer-as").hidden = !user;
    if (user) this.part(".composer-as b").textContent = user.name;
    this.part(".composer-rename").hidden = user?.role !== "guest";
  }

  /** Shows the form, or why there is none. What was typed stays in it either way. */
  setOpen({ closed }) {
    const mayWrite = Boolean(this.user) || this.guests;
    this.form.hidden = closed || !mayWrite;
    this.section.querySelector(".comments-closed").hidden = !closed;
    this.section.querySelector(".comments-login").hidden = closed || mayWrite;
    const back = this.home.querySelector(".composer-back");
    if (back) back.hidden = this.form.hidden;
  }

  /**
   * Moves the form beneath the comment that it answers.
   * @param {{id: string, user: string}} comment
   * @param {HTMLElement} article
   * @param {{focus?: boolean}} [options]
   */
  replyTo(comment, article, { focus = true } = {}) {
    this.keepPlace(() => {
      this.leaveHome();
      article.after(this.form);
      this.setParent(comment);
    }, article);
    this.onDraft({ content: this.content, parent: this.parent });
    if (!focus) return;
    this.text.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: "nearest" });
  }

  cancelReply() {
    const article = this.answered();
    this.goHome();
    article?.querySelector(".comment-reply")?.focus({ preventScroll: true });
  }

  /** @returns {Element | null} the comment that is being answered */
  answered() {
    return this.parent && this.section.querySelector(`#comment-${CSS.escape(this.parent)}`);
  }

  /** Puts the form back on top of the list, with its text. */
  goHome() {
    this.keepPlace(() => {
      this.home.querySelector(".composer-back")?.remove();
      this.home.append(this.form);
      this.setParent(null);
    }, this.answered());
    this.onDraft({ content: this.content, parent: null });
  }

  leaveHome() {
    if (this.home.querySelector(".composer-back")) return;
    const back = document.createElement("button");
    Object.assign(back, { type: "button", className: "composer-back", textContent: "Write a comment" });
    this.home.append(back);
  }

  setParent(comment) {
    this.form.elements.parent.value = comment?.id ?? "";
    this.part(".composer-to").hidden = !comment;
    if (comment) this.part(".composer-to b").textContent = comment.user;
  }

  /** Gives a text back to be changed; one that is being written stays, above it. */
  take(content) {
    this.text.value = [this.content.trimEnd(), content].filter(Boolean).join("\n\n");
    this.count();
    this.refuse("");
    this.onDraft({ content: this.content, parent: this.parent });
    this.text.focus();
  }

  /** What was typed before the page was reloaded. */
  restore(content) {
    if (!content) return;
    this.text.value = content;
    this.count();
  }

  clear() {
    this.text.value = "";
    this.count();
    this.refuse("");
    if (this.parent) this.cancelReply();
    else this.onDraft({ content: "", parent: null });
  }
}

const characters = (n) => `${n} ${n === 1 ? "character" : "characters"}`;

function show(element, text) {
  element.textContent = text;
  element.hidden = !text;
}

function setInvalid(field, problem) {
  if (problem) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}
