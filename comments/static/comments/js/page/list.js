/** Draws what is known: the list, without what would disturb the reader. */

import { arrange, flat } from "../thread/tree.js";
import { Fold } from "./fold.js";

/**
 * @import { Store } from "../thread/store.js"
 * @import { Entry } from "../thread/types.js"
 * @import { How, View } from "./view.js"
 */

export class List {
  /** @type {Set<string>} ids of new comments that the reader has asked for */
  #asked = new Set();
  #store;
  #view;
  #fold;
  #entries;
  #how;

  /**
   * @param {object} parts
   * @param {Store} parts.store
   * @param {View} parts.view
   * @param {() => Entry[]} parts.entries own comments on their way
   * @param {() => Omit<How, "isNew" | "foldedIn">} parts.how
   * @param {() => void} parts.onDue something may be drawn that was not to be a moment ago
   */
  constructor({ store, view, entries, how, onDue }) {
    this.#store = store;
    this.#view = view;
    this.#entries = entries;
    this.#how = how;
    this.#fold = new Fold({ onDue });
  }

  /** Draws all that may be seen now. */
  draw() {
    const { anchor } = this.#view;
    const fresh = this.#fresh();
    const waiting = new Set([...fresh].filter((id) => !this.#asked.has(id)));
    const pointOf = this.#view.pointOf.bind(this.#view);
    const items = arrange(this.#store, this.#entries());
    const shown = this.#fold.sift(items, waiting, { line: anchor.line, height: innerHeight, pointOf });
    const waits = this.#fold.waiting().filter(([id]) => this.#store.comments.get(id)?.status === "visible");
    const foldedIn = (/** @type {string} */ root) => waits.filter(([id, of]) => of === root && id !== root).length;
    this.#view.render(shown, { ...this.#how(), isNew: (id) => fresh.has(id), foldedIn });
    for (const { comment } of flat(shown)) this.#store.arrived.delete(comment?.id ?? "");
    this.#asked.clear();
    this.#view.news.show(this.#store.missed.size + waits.length);
  }

  /**
   * Takes new comments among those that are drawn next.
   * @param {string | null} [root] id of the conversation that they are asked of; null: all of them
   * @returns {string[]} their ids
   */
  open(root = null) {
    const ids = this.#fold.open(root);
    for (const id of ids) this.#asked.add(id);
    return ids;
  }

  /** @returns {Set<string>} ids of what came from others and was not drawn yet */
  #fresh() {
    const { arrived, comments } = this.#store;
    const { self } = this.#how();
    for (const id of arrived) {
      const comment = comments.get(id);
      const isOwn = comment && (comment.ref || comment.user_id === self?.id);
      if (!comment || isOwn) arrived.delete(id);
    }
    return new Set(arrived);
  }
}
