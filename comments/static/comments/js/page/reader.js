/** The id of this page view, by which the server tells readers apart who have no name. */

const KEY = "comments:reader";

/**
 * It is kept over a reload. While the page is open the storage does not have it: a tab that is duplicated begins with
 * a copy of the storage, and is another reader.
 *
 * @param {Storage | null} storage of the tab; without one, every load has an id of its own
 * @returns {string} 16 random bytes in hexadecimal
 */
export function readerId(storage) {
  const id = taken(storage) ?? random();
  addEventListener("pagehide", () => attempt(() => storage?.setItem(KEY, id)));
  addEventListener("pageshow", () => taken(storage));
  return id;
}

/** @param {Storage | null} storage */
function taken(storage) {
  const id = attempt(() => storage?.getItem(KEY));
  attempt(() => storage?.removeItem(KEY));
  return id;
}

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Storage may be full or forbidden.
 * @template T
 * @param {() => T} action
 * @returns {T | undefined}
 */
function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
