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
      const handlers = this.#handlers.get(type) ?? new Set();
      // One that was given meanwhile begins with the next event, and one that was taken away has ended.
      for (const handler of [...handlers]) if (handlers.has(handler)) call(handler, event);
    }
  }
}

/**
 * Tells of an error as of any uncaught one.
 * @param {unknown} error
 */
export function report(error) {
  if (typeof globalThis.reportError === "function") reportError(error);
  else console.error("comments:", error);
}

/**
 * An error in a handler is reported. The other handlers are called all the same.
 * @template T
 * @param {(value: T) => void} handler
 * @param {T} value
 */
function call(handler, value) {
  try {
    handler(value);
  } catch (error) {
    report(error);
  }
}
