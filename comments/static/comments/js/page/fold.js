/**
 * Which new comments are not put in their place yet, because the reader looks at that place: the line that is read
 * would move, or they come faster than anybody reads.
 */

import { lastOf } from "../thread/ends.js";
import { flat } from "../thread/tree.js";

/**
 * @import { Item } from "../thread/types.js"
 *
 * @typedef {object} Sight
 * @property {number} line px from the window's top to the line that must not move
 * @property {number} height px of the window
 * @property {(above: string | null, before: string | null) => number} pointOf px from the window's top to where a
 *   comment would begin: its keys are of what it stands beneath, and of what stands before it there
 *
 * @typedef {{root: string, since: number}} Waiting the id of its conversation, and ms
 */

/** How long a place in sight has to be quiet before something appears in it. */
export const HOLD = 500; // ms
/** More than one comment in this time is more than anybody reads. */
export const PACE = 1_500; // ms
/** So many comments out of sight are drawn in one frame, which has 16 ms, and on a phone no more than 50. */
export const AT_ONCE = 4;

export class Fold {
  /** @type {Map<string, Waiting>} by id, those that wait for a quiet moment */
  #held = new Map();
  /** @type {Map<string, Waiting>} by id, those that wait to be asked for */
  #folded = new Map();
  /** @type {Map<string, Waiting>} by id, those that wait for the next frames */
  #later = new Map();
  /** How many more may be drawn in this frame. */
  #left = AT_ONCE;
  #last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {() => void} options.onDue what was held may be drawn
   * @param {() => number} [options.now] ms
   */
  constructor({ onDue, now = () => performance.now() }) {
    this.onDue = onDue;
    this.now = now;
  }

  /**
   * @param {Item[]} items all that there is
   * @param {Set<string>} fresh ids of what is not drawn yet, and was not asked for
   * @param {Sight} sight
   * @returns {Item[]} what is to be drawn
   */
  sift(items, fresh, sight) {
    this.#later.clear();
    this.#left = AT_ONCE;
    for (const waiting of [this.#held, this.#folded]) {
      for (const id of waiting.keys()) if (!fresh.has(id)) waiting.delete(id);
    }
    if (fresh.size === 0 || items.every(({ comment }) => fresh.has(comment?.id ?? ""))) return items;
    const shown = this.#siftList(items, null, { fresh, sight, root: null });
    this.#wait();
    if (this.#later.size > 0) this.onDue();
    return shown;
  }

  /** @returns {[string, string][]} ids of those that wait to be asked for, each with the id of its conversation */
  waiting() {
    return [...this.#folded].map(([id, { root }]) => [id, root]);
  }

  /**
   * They were asked for.
   * @param {string | null} [root] id of their conversation; null: all of them
   * @returns {string[]} ids
   */
  open(root = null) {
    const waiting = [...this.#folded, ...this.#held, ...this.#later].filter(([, one]) => root === null || one.root === root);
    const ids = waiting.map(([id]) => id);
    for (const id of ids) this.#forget(id);
    return ids;
  }

  /**
   * @param {Item[]} items
   * @param {string | null} above key of what they stand beneath
   * @param {{fresh: Set<string>, sight: Sight, root: string | null}} all
   * @returns {Item[]}
   */
  #siftList(items, above, all) {
    /** @type {Item[]} */
    const shown = [];
    // What is folded is at one place, which a line or the button stands for: what comes to the same list waits with it.
    const isFolding = items.some(({ comment }) => this.#folded.has(comment?.id ?? ""));
    for (const item of items) {
      const id = item.comment?.id ?? "";
      const root = all.root ?? id;
      const isFresh = all.fresh.has(id);
      if (isFresh && isFolding) this.#join({ id, root });
      if (isFresh && !this.#isShown({ id, root }, all.sight, above, lastOf(shown)?.key ?? null)) {
        this.#takeAlong(item, all.fresh);
        continue;
      }
      shown.push({ ...item, replies: this.#siftList(item.replies, item.key, { ...all, root }) });
    }
    return shown;
  }

  /**
   * @param {{id: string, root: string}} comment
   * @param {Sight} sight
   * @param {string | null} above
   * @param {string | null} before
   */
  #isShown({ id, root }, { line, height, pointOf }, above, before) {
    if (this.#folded.has(id)) return false;
    const now = this.now();
    const held = this.#held.get(id);
    if (held && now - held.since >= HOLD) {
      this.#held.delete(id);
      return true;
    }
    const point = pointOf(above, before);
    if (!held && point >= height) return this.#mayDraw({ id, root }, now);
    if (!held) this.#arrived({ id, root }, now);
    if (point < line) this.#fold(id);
    return false;
  }

  /**
   * @param {{id: string, root: string}} comment out of sight
   * @param {number} now
   */
  #mayDraw({ id, root }, now) {
    this.#left -= 1;
    if (this.#left < 0) this.#later.set(id, { root, since: now });
    return this.#left >= 0;
  }

  /**
   * @param {{id: string, root: string}} comment
   * @param {number} now
   */
  #arrived({ id, root }, now) {
    const isFast = now - this.#last < PACE;
    this.#last = now;
    this.#held.set(id, { root, since: now });
    // What began to wait a moment ago is part of the same burst.
    if (isFast) for (const one of [...this.#held.keys()]) this.#fold(one);
  }

  /** @param {string} id */
  #fold(id) {
    const waiting = this.#held.get(id);
    if (waiting) this.#folded.set(id, waiting);
    this.#held.delete(id);
  }

  /** @param {{id: string, root: string}} comment that waits with what is folded */
  #join({ id, root }) {
    if (this.#folded.has(id)) return;
    this.#held.delete(id);
    this.#folded.set(id, { root, since: this.now() });
  }

  /** @param {string} id */
  #forget(id) {
    for (const waiting of [this.#held, this.#folded, this.#later]) waiting.delete(id);
  }

  /**
   * What answers a comment waits as it does.
   * @param {Item} item
   * @param {Set<string>} fresh
   */
  #takeAlong(item, fresh) {
    const id = item.comment?.id ?? "";
    const [from, waiting] = this.#folded.has(id) ? [this.#folded, this.#folded.get(id)] : [this.#held, this.#held.get(id)];
    for (const { comment } of flat(item.replies)) {
      if (!comment || !waiting || !fresh.has(comment.id)) continue;
      this.#forget(comment.id);
      from.set(comment.id, waiting);
    }
  }

  #wait() {
    clearTimeout(this.#timer);
    if (this.#held.size === 0) return;
    const due = Math.min(...[...this.#held.values()].map(({ since }) => since)) + HOLD - this.now();
    this.#timer = setTimeout(() => this.onDue(), Math.max(0, due));
  }
}
