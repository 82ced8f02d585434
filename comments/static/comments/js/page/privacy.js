/** What the reader lets others see of them: their name among the readers, and that they type. Kept for all pages. */

import { keep, readKept } from "../storage.js";

const KEY = "comments:privacy";

/** @typedef {{showsName: boolean, showsTyping: boolean}} Choice */

export class Privacy {
  /** @type {Choice} */
  #choice;
  /** @type {((choice: Choice) => void)[]} */
  #listeners = [];
  #storage;

  /** @param {Storage | null} storage null where the browser forbids it: then a choice lasts as long as the page */
  constructor(storage) {
    this.#storage = storage;
    this.#choice = this.#read() ?? { showsName: true, showsTyping: true };
    addEventListener("storage", ({ key }) => {
      const choice = key === KEY ? this.#read() : null;
      if (choice) this.#take(choice);
    });
  }

  get showsName() {
    return this.#choice.showsName;
  }

  /** Who reads without a name types without being seen, too. */
  get showsTyping() {
    return this.#choice.showsName && this.#choice.showsTyping;
  }

  /** @param {(choice: Choice) => void} listener told of a change, here or in another tab */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** @param {Choice} choice */
  set({ showsName, showsTyping }) {
    const choice = { showsName, showsTyping: showsName ? showsTyping : this.#choice.showsTyping };
    keep(this.#storage, KEY, choice);
    this.#take(choice);
  }

  /** @param {Choice} choice */
  #take(choice) {
    this.#choice = choice;
    for (const listener of this.#listeners) listener(choice);
  }

  /** @returns {Choice | null} */
  #read() {
    /** @type {Choice | null} */
    const kept = readKept(this.#storage, KEY);
    return kept && { showsName: kept.showsName !== false, showsTyping: kept.showsTyping !== false };
  }
}
