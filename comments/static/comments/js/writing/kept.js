/** Values that the browser keeps for this site, each under a name, for as long as they are of use. */

/** Storage may be full, forbidden or absent (private windows): then a reload forgets, and nothing else breaks. */
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
    const keys = this.#attempt((storage) => Object.keys(storage)) ?? [];
    const { prefix } = this;
    return keys.filter((key) => key.startsWith(prefix + beginning)).map((key) => key.slice(prefix.length));
  }

  /**
   * @param {string} name
   * @returns {unknown} the value as it was written; undefined where there is none
   */
  read(name) {
    return this.#attempt((storage) => JSON.parse(storage.getItem(this.prefix + name) ?? "null")?.value);
  }

  /**
   * @param {string} name
   * @param {unknown} value of JSON
   * @param {number} [at] ms, from when it is kept
   * @returns {boolean} whether it is kept
   */
  write(name, value, at = this.now()) {
    const text = JSON.stringify({ value, at });
    return this.#attempt((storage) => (storage.setItem(this.prefix + name, text), true)) ?? false;
  }

  /** @param {string} name */
  remove(name) {
    this.#attempt((storage) => storage.removeItem(this.prefix + name));
  }

  #expire() {
    for (const name of this.names()) {
      const at = this.#attempt((storage) => JSON.parse(storage.getItem(this.prefix + name) ?? "null")?.at);
      if (!(at + this.life > this.now())) this.remove(name);
    }
  }

  /**
   * @template T
   * @param {(storage: Storage) => T} action
   * @returns {T | undefined}
   */
  #attempt(action) {
    try {
      return this.storage ? action(this.storage) : undefined;
    } catch {
      return undefined;
    }
  }
}
