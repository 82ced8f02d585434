/** Values that the browser keeps for this site, each under a name, for as long as they are of use. */

import { attempt, forget, keep, readKept } from "../storage.js";

export class Kept {
  /**
   * @param {object} options
   * @param {Storage | null} options.storage
   * @param {() => number} options.now
   * @param {string} options.prefix of all names; the page may keep other values beside these
   * @param {number} options.life ms that a value is kept after it was last written
   */
  constructor({ storage, now, prefix, life }) {
    this.storage = storage;
    this.now = now;
    this.prefix = prefix;
    this.life = life;
    this.#expire();
  }

  /**
   * @param {string} [beginning]
   * @returns {string[]} the names that begin so
   */
  names(beginning = "") {
    const keys = attempt(() => Object.keys(this.storage ?? {})) ?? [];
    const { prefix } = this;
    return keys.filter((key) => key.startsWith(prefix + beginning)).map((key) => key.slice(prefix.length));
  }

  /**
   * @param {string} name
   * @returns {unknown} the value as it was written; undefined where there is none
   */
  read(name) {
    return this.#find(name)?.value;
  }

  /**
   * @param {string} name
   * @param {unknown} value of JSON
   * @param {number} [at] ms, from when it is kept
   * @returns {boolean} whether it is kept
   */
  write(name, value, at = this.now()) {
    return keep(this.storage, this.prefix + name, { value, at });
  }

  /** @param {string} name */
  remove(name) {
    forget(this.storage, this.prefix + name);
  }

  #expire() {
    for (const name of this.names()) {
      const at = this.#find(name)?.at ?? NaN;
      if (!(at + this.life > this.now())) this.remove(name);
    }
  }

  /**
   * @param {string} name
   * @returns {{value: unknown, at: number} | null}
   */
  #find(name) {
    return readKept(this.storage, this.prefix + name);
  }
}
