/**
 * What is being written and was not sent: one draft for each place of the thread, in each tab.
 *
 * A tab writes and removes drafts of its own only. It takes those of a tab that is gone (closed, crashed) where it has
 * none itself. A draft belongs to the member who wrote it; what somebody without an account typed is there for whoever
 * goes on at this browser, so that it is there after they log in.
 */

import { Kept } from "./kept.js";

/**
 * @import { Tab } from "./tab.js"
 *
 * @typedef {object} Draft
 * @property {string} content
 * @property {string | null} parent id of the comment that it answers
 * @property {string} [to] name of who wrote that
 * @property {number} [version] which that comment had when the answer was begun
 * @typedef {Draft & {owner: string, at: number, left: boolean}} KeptDraft `owner`: id of the member whose it is, or
 *   empty; `left`: nobody was on the page any more
 */

const LIFE = 7 * 24 * 3_600_000; // ms
const SEPARATOR = ":";
/** Where nobody can say which tabs are open, one that has not written for so long is not. */
const SILENCE = 600_000; // ms

export class Drafts {
  /** @type {Map<string, KeptDraft>} of this tab, by place and owner: two people may sit down at it one after the other */
  #own = new Map();
  #isOpen = false;

  /**
   * @param {object} options
   * @param {string} options.thread what they belong to: an id that outlives the thread's address
   * @param {Storage | null} options.storage
   * @param {() => number} options.now
   * @param {Tab} options.tab
   */
  constructor({ thread, storage, now, tab }) {
    this.thread = thread;
    this.now = now;
    this.tab = tab;
    this.kept = new Kept({ storage, now, prefix: "comments:draft:", life: LIFE });
  }

  /**
   * Finds what this tab had before, else what a tab that is gone has left.
   * @param {string} member id of whoever is here; empty for somebody without an account
   */
  async open(member) {
    await this.tab.enter();
    this.#isOpen = true;
    const found = [...this.#keptOf(this.tab.id), ...this.#own];
    this.#own = new Map(found.map(([place, draft]) => [place, { ...draft, left: false }]));
    for (const [place, draft] of this.#own) this.#write(place, draft);
    if (!this.latest(member)) await this.#adopt(member);
  }

  /** The page is left: what this tab has is there for whoever goes on at this browser. */
  close() {
    this.#isOpen = false;
    for (const [place, draft] of this.#own) if (this.#write(place, { ...draft, left: true })) this.#own.delete(place);
    this.tab.leave();
  }

  /**
   * @param {string} member
   * @returns {KeptDraft[]} what they wrote in this tab
   */
  list(member) {
    return [...this.#own.values()].filter(isFor(member));
  }

  /**
   * @param {string} member
   * @returns {KeptDraft | undefined} what they wrote last in this tab
   */
  latest(member) {
    return latestOf(this.list(member));
  }

  /**
   * @param {string} member
   * @param {string | null} parent
   * @returns {Draft | undefined} what they wrote in this place
   */
  of(member, parent) {
    return this.#own.get(placeOf({ parent, owner: member })) ?? this.#own.get(placeOf({ parent, owner: "" }));
  }

  /**
   * @param {string} owner id of the member who writes, or empty
   * @param {Draft} draft nothing in it: there is none any more
   * @returns {boolean} whether a reload will find it
   */
  save(owner, { content, parent, to, version }) {
    const draft = { content, parent, to, version, owner, at: this.now(), left: false };
    const place = placeOf(draft);
    if (!content.trim()) {
      this.#own.delete(place);
      this.kept.remove(this.#name(this.tab.id, place));
      return true;
    }
    this.#own.set(place, draft);
    return this.#isOpen && this.#write(place, draft);
  }

  /**
   * What somebody without an account typed becomes a member's. What the member had begun in that place stays, above it.
   * @param {string} member
   * @param {Draft} typed
   * @returns {Draft}
   */
  claim(member, typed) {
    const begun = this.#own.get(placeOf({ parent: typed.parent, owner: member }))?.content ?? "";
    const draft = { ...typed, content: begun === typed.content ? begun : joined(begun, typed.content) };
    this.save("", { ...typed, content: "" });
    this.save(member, draft);
    return draft;
  }

  /**
   * Takes the drafts of the one tab that is gone where something was written last.
   * @param {string} member
   */
  async #adopt(member) {
    const tabs = [...new Set(this.kept.names(this.thread + SEPARATOR).map((name) => name.split(SEPARATOR)[1]))];
    const latest = (/** @type {string} */ tab) => latestOf(this.#keptOf(tab).map(([, draft]) => draft))?.at ?? 0;
    for (const tab of tabs.sort((a, b) => latest(b) - latest(a))) {
      await this.#ifGone(tab, () => this.#take(tab, member));
      if (this.latest(member)) return;
    }
  }

  /**
   * @param {string} tab
   * @param {() => void} action
   */
  async #ifGone(tab, action) {
    if (this.tab.locks) await this.tab.ifGone(tab, action);
    else if (this.#keptOf(tab).every(([, { left, at }]) => left || at < this.now() - SILENCE)) action();
  }

  /**
   * @param {string} tab
   * @param {string} member
   */
  #take(tab, member) {
    for (const [place, draft] of this.#keptOf(tab)) {
      if (!isFor(member)(draft)) continue;
      this.#own.set(place, draft);
      if (this.#write(place, draft)) this.kept.remove(this.#name(tab, place));
    }
  }

  /**
   * @param {string} tab
   * @returns {[string, KeptDraft][]} what is kept of a tab's, by place
   */
  #keptOf(tab) {
    return this.kept.names(this.#name(tab, "")).flatMap((name) => {
      const draft = /** @type {KeptDraft | undefined} */ (this.kept.read(name));
      return draft ? [[placeOf(draft), draft]] : [];
    });
  }

  /**
   * @param {string} place
   * @param {KeptDraft} draft
   */
  #write(place, draft) {
    return this.kept.write(this.#name(this.tab.id, place), draft, draft.at);
  }

  /**
   * @param {string} tab
   * @param {string} place
   */
  #name(tab, place) {
    return [this.thread, tab, place].join(SEPARATOR);
  }
}

const placeOf = (/** @type {Pick<KeptDraft, "parent" | "owner">} */ { parent, owner }) => `${parent ?? ""}${SEPARATOR}${owner}`;

const isFor = (/** @type {string} */ member) => (/** @type {KeptDraft} */ { owner }) => !owner || owner === member;

/** @param {KeptDraft[]} drafts */
const latestOf = (drafts) => [...drafts].sort((a, b) => b.at - a.at)[0];

/**
 * @param {string} first
 * @param {string} second
 * @returns {string} both texts, the second below the first
 */
export const joined = (first, second) => [first.trimEnd(), second].filter(Boolean).join("\n\n");
