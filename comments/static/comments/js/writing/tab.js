/**
 * This tab among the others of the browser: its id, kept over reloads and other pages, and which tabs are gone.
 *
 * An open page holds a lock of the browser's that has the tab's id. It ends with the page, however that ends, so whoever
 * gets the lock of a tab knows that nobody is left in it.
 */

import { newRef } from "../client/ref.js";
import { attempt } from "../storage.js";

const KEY = "comments:tab";
/** A page that is loaded anew may come before the lock of the one before it is free. */
const PATIENCE = 3_000; // ms

export class Tab {
  id = newRef();
  /** @type {(() => void) | null} */
  #release = null;

  /**
   * @param {object} options
   * @param {Storage | null} options.session the tab's own storage; a tab that is duplicated begins with a copy of it
   * @param {LockManager | undefined} options.locks missing in old browsers, and where the site is not served safely
   */
  constructor({ session, locks }) {
    this.session = session;
    this.locks = locks;
  }

  /** Takes the id that the tab had before, if no other tab has it now. */
  async enter() {
    const kept = attempt(() => this.session?.getItem(KEY));
    if (kept && (await this.#hold(kept))) this.id = kept;
    else await this.#hold(this.id);
    attempt(() => this.session?.setItem(KEY, this.id));
  }

  /** The page is left. The browser may keep it, for somebody to come back to. */
  leave() {
    this.#release?.();
    this.#release = null;
  }

  /**
   * Runs an action if nobody is left in a tab; only one tab does at a time.
   * @param {string} id
   * @param {() => void} action
   * @returns {Promise<boolean>} whether it ran; always false where the browser has no locks
   */
  async ifGone(id, action) {
    if (!this.locks || id === this.id) return false;
    const run = (/** @type {Lock | null} */ lock) => {
      if (lock) action();
      return lock !== null;
    };
    return this.locks.request(KEY + id, { ifAvailable: true }, run).catch(() => false);
  }

  /**
   * @param {string} id
   * @returns {Promise<boolean>} whether the lock is held from now on
   */
  #hold(id) {
    const { locks } = this;
    if (!locks) return Promise.resolve(false);
    const impatience = new AbortController();
    const timer = setTimeout(() => impatience.abort(), PATIENCE);
    return new Promise((held) => {
      const hold = () =>
        /** @type {Promise<void>} */ (
          new Promise((release) => {
            clearTimeout(timer);
            this.#release = release;
            held(true);
          })
        );
      locks.request(KEY + id, { signal: impatience.signal }, hold).catch(() => held(false));
    });
  }
}
