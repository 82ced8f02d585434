/** The part of the thread that is not in the list: fetches what the reader asks for. */

import { ApiError } from "../client/api.js";
import { lastOf } from "../thread/ends.js";
import { focusOn, hasFocus, part, setText } from "../dom.js";

/**
 * @import { Api } from "../client/api.js"
 * @import { History } from "../client/history.js"
 * @import { Store } from "../thread/store.js"
 * @import { Edge } from "../thread/types.js"
 * @import { Side } from "../thread/windows.js"
 * @import { Announcer } from "./announcer.js"
 * @import { View } from "./view.js"
 *
 * @typedef {"ready" | "loading" | "failed"} State
 */

const MOST_TRIES = 5; // pages of what is here already, or has changed meanwhile
const AROUND = 50; // roots asked for where no cursor says where to go on
const FAILED = "Comments could not be loaded. Try again";
const CANNOT = "Can't load it now.";

export class Loader {
  /** @type {Map<string, State>} by what is loaded */
  #states = new Map();

  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Api} parts.api
   * @param {Store} parts.store
   * @param {History} parts.history
   * @param {View} parts.view
   * @param {(looked?: Element | null) => void} parts.drawNow with what must stay where it is
   * @param {Announcer} parts.announcer
   */
  constructor(section, { api, store, history, view, drawNow, announcer }) {
    this.announcer = announcer;
    this.api = api;
    this.store = store;
    this.history = history;
    this.view = view;
    this.drawNow = drawNow;
    this.lines = { next: part(section, ".comments-older"), previous: part(section, ".comments-previous") };
    this.top = part(section, ".comments-newest");
    this.note = part(section, ".comments-unloaded");
  }

  /** Shows the ways to what is not in the list. */
  show() {
    const { sort } = this.store;
    for (const side of /** @type {Side[]} */ (["next", "previous"])) {
      const link = part(this.lines[side], "a");
      const state = this.stateOf("roots", side);
      this.lines[side].hidden = this.store.roots[side] === null;
      setText(link, state === "failed" ? FAILED : wordsOf(sort, side));
      link.setAttribute("aria-busy", String(state === "loading"));
    }
    this.top.hidden = this.store.roots.previous === null;
    setText(this.note, ""); // what it said was of the drawing before
    setText(part(this.top, "a"), sort === "newest" ? "Back to the newest" : "Back to the first");
  }

  /**
   * @param {string} list id of a root, or "roots"
   * @param {Side} side
   */
  stateOf(list, side) {
    return this.#states.get(`${list} ${side}`) ?? "ready";
  }

  /**
   * Loads more conversations.
   * @param {Side} side
   */
  loadRoots(side) {
    const articles = this.view.present();
    const looked = side === "next" ? lastOf(articles) : articles[0];
    return this.#load("roots", side, looked ?? null, this.lines[side], () => this.#addRoots(side));
  }

  /**
   * Loads more replies of a conversation.
   * @param {string} root
   * @param {Side} side
   * @param {HTMLElement} line that was pressed
   */
  loadReplies(root, side, line) {
    const shown = line[side === "next" ? "previousElementSibling" : "nextElementSibling"];
    const articles = [...(shown?.querySelectorAll(".comment") ?? [])];
    const looked = (side === "next" ? lastOf(articles) : articles[0]) ?? this.view.find(root);
    return this.#load(root, side, looked, line, () => this.#addReplies(root, side));
  }

  /**
   * Fetches another part of the thread in place of the one that is here. Where that can't be had now, this one stays.
   * @param {{sort?: string, around?: string}} [query] without one, the list's beginning
   * @param {boolean} [isWrong] what is here: then it is tried until it comes
   * @returns {Promise<boolean>} whether it came
   */
  async replace(query = {}, isWrong = false) {
    const isHere = await (isWrong ? this.history.reset(query) : this.history.look(query));
    if (isHere) {
      this.#states.clear();
      this.drawNow();
    } else if (!isWrong) {
      setText(this.note, CANNOT);
      this.announcer.say("loading", CANNOT);
    }
    return isHere;
  }

  /**
   * @param {string} list
   * @param {Side} side
   * @param {Element | null} looked
   * @param {HTMLElement} line that leads there
   * @param {() => Promise<boolean>} add
   */
  async #load(list, side, looked, line, add) {
    const key = `${list} ${side}`;
    if (this.#states.get(key) === "loading") return;
    this.#states.set(key, "loading");
    this.drawNow(looked);
    const before = new Set(this.view.present());
    try {
      this.#states.set(key, (await add()) ? "ready" : "failed");
    } catch (error) {
      this.#states.set(key, "failed");
      if (!(error instanceof ApiError)) throw error;
    }
    if (this.#states.get(key) === "failed") this.announcer.say("loading", FAILED);
    const isByKeyboard = hasFocus(line);
    this.store.trim(looked?.closest(".comment")?.getAttribute("data-id") ?? null);
    this.drawNow(looked);
    const added = this.view.present().filter((article) => !before.has(article));
    // Whoever reads by keyboard goes on where the new ones begin.
    if (isByKeyboard) focusOn(side === "next" ? added[0] : lastOf(added));
  }

  /** @param {Side} side */
  async #addRoots(side) {
    const { store, api } = this;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const edge = store.roots[side];
      if (!edge) return true;
      const { sort } = store;
      const page = await api.comments(edge.cursor === null ? { sort, around: edge.id, limit: AROUND } : { sort, cursor: edge.cursor });
      if (isSame(store.roots[side], edge) && (store.addRoots(page, side) ?? 0) > 0) return true;
    }
    return this.#startAgain();
  }

  /**
   * @param {string} root
   * @param {Side} side
   */
  async #addReplies(root, side) {
    const { store, api } = this;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const edge = store.conversations.get(root)?.[side];
      if (!edge) return true;
      const page = edge.cursor === null ? await this.#around(edge.id) : await api.replies(root, { cursor: edge.cursor });
      if (!page || page.root !== root) break;
      if (isSame(store.conversations.get(root)?.[side], edge) && (store.addReplies(page, side) ?? 0) > 0) return true;
    }
    return this.#startAgain();
  }

  /**
   * @param {string} id of a reply where the window of its conversation was cut off here
   * @returns what stands around it
   */
  async #around(id) {
    const { epoch, seq, reaction_seq, results } = await this.api.comments({ sort: this.store.sort, around: id, limit: 1 });
    const root = results.find(({ replies }) => replies.results.some((reply) => reply.id === id)) ?? results[0];
    return root && { ...root.replies, epoch, seq, reaction_seq, root: root.id, reply_count: root.reply_count };
  }

  /** The thread is not what the cursors were made for: only its beginning is sure to be there. */
  #startAgain() {
    return this.history.reset();
  }
}

/**
 * @param {Edge | null | undefined} now
 * @param {Edge} then
 */
const isSame = (now, then) => now?.id === then.id && now.cursor === then.cursor;

/**
 * @param {string} sort
 * @param {Side} side
 * @returns {string} where the list goes on, as comments/section.html says it
 */
function wordsOf(sort, side) {
  if (sort === "top") return side === "next" ? "More comments" : "More comments above";
  return (sort === "oldest") === (side === "next") ? "Newer comments" : "Older comments";
}
