/**
 * What the bar says of the connection: a word, and now and then a sentence. Pure; the time is an argument, in ms.
 *
 * A word is said when the state has lasted for a moment, a sentence only when the reader may begin to wonder. After an
 * absence that was shown, the page says how much was caught up.
 */

import { plural } from "../plural.js";

/** A connection that is gone for less than this is nobody's concern. */
export const BLIP = 1_500;
/** When a word is not enough. */
export const WONDER = 5_000;
/** How long "Back, …" stands. */
export const WELCOME_BACK = 8_000;

/** `blind`: what serves says nothing of who reads and who types. */
const WORDS = {
  live: "Live",
  blind: "Live",
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  offline: "Offline",
  off: "Not live",
};

/** @typedef {keyof typeof WORDS} Kind */

/** @type {Record<Kind, string>} */
const SENTENCES = {
  live: "",
  blind: "",
  connecting: "New comments show once the page is connected.",
  reconnecting: "What you missed will be caught up.",
  offline: "What you missed will be caught up.",
  off: "New comments show when you reload the page.",
};

/** @type {Record<number, string>} close codes after which connecting again can't help, for the reader */
const STOPPED = {
  4501: "This page is out of date. Please reload it.",
  4503: "This page is no longer here.",
  4504: "Too many of your pages are open.",
  4505: "This account was switched off.",
};

/**
 * @typedef {object} Look what to show now
 * @property {Kind | null} kind
 * @property {string} word
 * @property {string} sentence
 * @property {number | null} again ms after which to look again, if nothing happens before
 */

export class Condition {
  /** @type {Kind | null} as the connection has it */
  #kind = null;
  /** @type {number | null} close code */
  #code = null;
  /** When being away began, and when its word may be shown. */
  #awaySince = 0;
  #wordAt = 0;
  /** When the browser said that there is no network; null where there is, or where something came all the same. */
  #offlineSince = /** @type {number | null} */ (null);
  /** @type {Kind | null} what is shown */
  #shown = null;
  #wasLive = false;
  /** An absence was shown, and what was missed may not be all here. */
  #isCatchingUp = false;
  #caughtUp = 0;
  #target = /** @type {number | null} */ (null);
  #back = { text: "", until: 0 };

  /**
   * @param {Kind} kind
   * @param {number | null} code close code, where the server wants no further attempt
   * @param {number} now
   */
  hear(kind, code, now) {
    const before = this.#said;
    this.#kind = kind;
    this.#code = code;
    this.#changed(before, now);
  }

  /**
   * The browser's word on the network.
   * @param {boolean} isOnline
   * @param {number} now
   */
  network(isOnline, now) {
    const before = this.#said;
    this.#offlineSince = isOnline ? null : (this.#offlineSince ?? now);
    this.#changed(before, now);
  }

  /**
   * Something came from the server: what is on its way when the network goes does not count.
   * @param {number} now
   */
  frame(now) {
    if (this.#offlineSince !== null && now - this.#offlineSince > BLIP) this.network(true, now);
  }

  /** A comment of somebody else's came. */
  arrived() {
    this.#caughtUp += 1;
  }

  /** @param {number} seq where the thread is, as the new connection says */
  welcomed(seq) {
    this.#target = seq;
  }

  /**
   * @param {number} seq up to where everything is here
   * @param {number} now
   */
  reached(seq, now) {
    if (!this.#isCatchingUp || !isLive(this.#said) || this.#target === null || seq < this.#target) return;
    this.#isCatchingUp = false;
    this.#back = { text: backText(this.#caughtUp), until: now + WELCOME_BACK };
  }

  /**
   * @param {number} now
   * @returns {Look}
   */
  look(now) {
    const said = this.#said;
    if (said !== null && (isLive(said) || now >= this.#wordAt)) this.#show(said);
    const isAway = said !== null && !isLive(said) && this.#shown === said;
    const isStopped = this.#code !== null && this.#code in STOPPED;
    const sentenceAt = isStopped ? this.#wordAt : this.#awaySince + WONDER;
    const sentence = isAway && now >= sentenceAt ? this.#sentence : this.#backAt(now);
    const times = [this.#wordAt, this.#awaySince + WONDER, this.#back.until].filter((at) => at > now);
    const again = times.length > 0 ? Math.min(...times) - now : null;
    return { kind: this.#shown, word: this.#shown ? WORDS[this.#shown] : "", sentence, again };
  }

  /** @returns {Kind | null} what is true, as far as is known */
  get #said() {
    return this.#offlineSince !== null && isLive(this.#kind) ? "offline" : this.#kind;
  }

  get #sentence() {
    return STOPPED[this.#code ?? 0] ?? SENTENCES[this.#shown ?? "live"];
  }

  /**
   * @param {Kind | null} before
   * @param {number} now
   */
  #changed(before, now) {
    const said = this.#said;
    if (said === before) return;
    if (isLive(before) || before === null) this.#awaySince = now;
    // One word after another is no news to wait with: the reader knows already that something is wrong.
    this.#wordAt = isLive(said) ? now : this.#awaySince + BLIP;
    if (isLive(before) && !isLive(said)) {
      this.#caughtUp = this.#isCatchingUp ? this.#caughtUp : 0;
      this.#target = null;
    }
    if (isLive(said)) this.#awaySince = -Infinity;
  }

  /** @param {Kind} kind */
  #show(kind) {
    if (isLive(this.#shown)) this.#wasLive = true;
    this.#shown = kind;
    if (!isLive(kind)) {
      this.#isCatchingUp = this.#wasLive;
      this.#back.until = 0;
    }
  }

  /** @param {number} now */
  #backAt(now) {
    return now < this.#back.until ? this.#back.text : "";
  }
}

/** @param {Kind | null} kind */
export function isLive(kind) {
  return kind === "live" || kind === "blind";
}

/** @param {number} count comments that came after an absence */
function backText(count) {
  if (count === 0) return "Back, nothing was missed";
  return `Back, ${plural(count, "comment")} caught up`;
}
