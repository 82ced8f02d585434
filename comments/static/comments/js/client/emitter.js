/** Calls the handlers of what happens. */

/**
 * @template {{type: string}} Event
 */
export class Emitter {
  /** @type {Map<string, Set<(event: Event) => void>>} by type; "*" is every type */
  #handlers = new Map();

  /**
   * @param {string} type
   * @param {(event: Event) => void} handler
   * @returns {() => void} takes the handler away again
   */
  on(type, handler) {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    // The same function may be given twice, and each time is one of its own.
    const own = (/** @type {Event} */ event) => handler(event);
    handlers.add(own);
    return () => void handlers.delete(own);
  }

  /** @param {Event} event */
  emit(event) {
    for (const type of [event.type, "*"]) {
      for (const handler of [...(this.#handlers.get(type) ?? [])]) call(handler, event);
    }
  }
}

/**
 * Tells of an error in a handler as of any uncaught one. The other handlers are called all the same.
 * @template T
 * @param {(value: T) => void} handler
 * @param {T} value
 */
function call(handler, value) {
  try {
    handler(value);
  } catch (error) {
    if (typeof globalThis.reportError === "function") reportError(error);
    else console.error("comments: a handler failed", error);
  }
}
