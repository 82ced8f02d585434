/** The reactions beneath each comment: how many people react and how, and what the reader does about it. */

import { focusOn, hasFocus, make, presentOf, setText } from "../dom.js";
import { refusalText } from "./saying.js";

/**
 * @import { CommentCalls } from "../client/own.js"
 * @import { Reactions as Counted } from "../client/wire.js"
 * @import { StoredComment } from "../thread/types.js"
 * @import { Say } from "./saying.js"
 */

export class Reactions {
  /** @type {Map<string, Set<string>>} the reader's own, as the server has them, by comment */
  #own = new Map();
  /** @type {Map<string, boolean>} what the reader wants that the server has not confirmed, by comment and emoji */
  #wanted = new Map();
  /** @type {Set<string>} comments whose whole choice is shown */
  #open = new Set();
  /** Whether the page was rendered for whoever reads. */
  #isTheirs = true;

  /**
   * @param {object} parts
   * @param {string[]} parts.kinds emojis that may be used
   * @param {CommentCalls} parts.calls
   * @param {(counted: Counted) => void} parts.onCounted
   * @param {() => void} parts.onChange
   * @param {() => boolean} parts.mayReact
   * @param {Say} parts.say
   */
  constructor({ kinds, calls, onCounted, onChange, mayReact, say }) {
    this.kinds = kinds;
    this.calls = calls;
    this.onCounted = onCounted;
    this.onChange = onChange;
    this.mayReact = mayReact;
    this.say = say;
  }

  /**
   * Shows a comment's reactions.
   * @param {HTMLElement} article
   * @param {StoredComment} comment
   */
  adorn(article, { id, reactions = {}, reacted }) {
    const row = article.querySelector(".comment-reactions");
    const add = article.querySelector(".reaction-add");
    if (!(row instanceof HTMLElement) || !(add instanceof HTMLElement)) return;
    const own = reacted ?? (this.#isTheirs && row.dataset.face === undefined ? readOwn(row) : null);
    if (own && !this.#own.has(id)) this.#own.set(id, new Set(own));
    const isOpen = this.#open.has(id);
    const shown = this.#kindsOf(id, reactions, isOpen);
    const face = shown.map(({ emoji, count, isOwn }) => `${emoji}${count}${isOwn}`).join("|");
    add.hidden = this.kinds.length === 0;
    add.setAttribute("aria-expanded", String(isOpen));
    row.hidden = shown.length === 0;
    if (row.dataset.face === face) return;
    row.dataset.face = face;
    const hadFocus = hasFocus(row);
    draw(row, shown);
    // The last one of its kind was taken back.
    if (hadFocus && !hasFocus(row)) focusOn(add);
  }

  /**
   * @param {Element} target
   * @param {HTMLElement} article
   * @returns {boolean} whether that was meant
   */
  pressed(target, article) {
    const { id = "" } = article.dataset;
    /** @type {HTMLElement | null} */
    const button = target.closest(".reaction");
    if (target.closest(".reaction-add")) this.#toggleChoice(id, article);
    else if (button) this.#press(id, button);
    else return false;
    return true;
  }

  /** The reader is somebody else now: what is their own comes with the next page. */
  forget() {
    this.#isTheirs = false;
    this.#own = new Map();
    this.#wanted = new Map();
  }

  /**
   * @param {string} id
   * @param {HTMLElement} article
   */
  #toggleChoice(id, article) {
    if (!this.#open.delete(id)) this.#open.add(id);
    this.onChange();
    if (this.#open.has(id)) requestAnimationFrame(() => focusOn(presentOf(article)?.querySelector(".reaction")));
  }

  /**
   * @param {string} id
   * @param {HTMLElement} button
   */
  #press(id, button) {
    const { emoji = "" } = button.dataset;
    if (!this.mayReact()) {
      this.say(id, "Give a name above, or log in, to react.");
      return;
    }
    const isBusy = this.#wanted.has(key(id, emoji));
    this.#wanted.set(key(id, emoji), !this.#isOwn(id, emoji));
    this.onChange();
    if (!isBusy) this.#send(id, emoji);
  }

  /**
   * Tells the server what is wanted, until that is what it has.
   * @param {string} id
   * @param {string} emoji
   */
  async #send(id, emoji) {
    const own = this.#own.get(id) ?? new Set();
    this.#own.set(id, own);
    const wanted = this.#wanted;
    const isWanted = () => wanted.get(key(id, emoji)) ?? own.has(emoji);
    try {
      while (isWanted() !== own.has(emoji)) {
        const on = isWanted();
        const counted = await this.calls.react(id, emoji, on);
        if (on) own.add(emoji);
        else own.delete(emoji);
        this.onCounted(counted);
      }
    } catch (error) {
      this.say(id, refusalText(error));
    }
    wanted.delete(key(id, emoji));
    this.onChange();
  }

  /**
   * @param {string} id
   * @param {string} emoji
   */
  #isOwn(id, emoji) {
    return this.#wanted.get(key(id, emoji)) ?? this.#own.get(id)?.has(emoji) ?? false;
  }

  /**
   * @param {string} id
   * @param {Record<string, number>} counts
   * @param {boolean} isOpen
   * @returns {Shown[]}
   */
  #kindsOf(id, counts, isOpen) {
    const kinds = [...new Set([...this.kinds, ...Object.keys(counts)])];
    return kinds
      .map((emoji) => {
        const isOwn = this.#isOwn(id, emoji);
        const difference = Number(isOwn) - Number(this.#own.get(id)?.has(emoji) ?? false);
        return { emoji, isOwn, count: Math.max(0, (counts[emoji] ?? 0) + difference) };
      })
      .filter(({ emoji, count }) => count > 0 || (isOpen && this.kinds.includes(emoji)));
  }
}

/** @typedef {{emoji: string, count: number, isOwn: boolean}} Shown */

/**
 * @param {HTMLElement} row
 * @param {Shown[]} shown
 */
function draw(row, shown) {
  const present = new Map([...row.querySelectorAll("button")].map((button) => [button.dataset.emoji ?? "", button]));
  const buttons = shown.map(({ emoji, count, isOwn }) => {
    const button = present.get(emoji) ?? newButton(emoji);
    button.setAttribute("aria-pressed", String(isOwn));
    button.disabled = false; // as the server has it on a closed thread, which may be open again
    button.classList.toggle("is-own", isOwn);
    setText(button, count > 0 ? `${emoji} ${count}` : emoji);
    return button;
  });
  for (const [emoji, button] of present) if (!shown.some((each) => each.emoji === emoji)) button.remove();
  // A button that stands in its place is not moved: it would lose the focus.
  buttons.forEach((button, index) => row.children[index] !== button && row.insertBefore(button, row.children[index] ?? null));
}

/** @param {string} emoji */
function newButton(emoji) {
  const button = make("button", { type: "button", className: "reaction" });
  button.dataset.emoji = emoji;
  return button;
}

/** @param {HTMLElement} row as the server rendered it */
function readOwn(row) {
  return [...row.querySelectorAll(".is-own")].map((button) => button.getAttribute("data-emoji") ?? "");
}

/**
 * @param {string} id
 * @param {string} emoji
 */
const key = (id, emoji) => `${id} ${emoji}`;
