/** What the browser keeps for this site. Its storage may be full, forbidden or absent: then a reload forgets. */

/**
 * @template T
 * @param {() => T} action
 * @returns {T | undefined} undefined where the browser refuses it
 */
export function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/**
 * @template T
 * @param {Storage | null} storage
 * @param {string} key
 * @returns {T | null} what `keep` wrote, or whoever else writes there
 */
export function readKept(storage, key) {
  return attempt(() => JSON.parse(storage?.getItem(key) ?? "null")) ?? null;
}

/**
 * @param {Storage | null} storage
 * @param {string} key
 * @param {unknown} value of JSON
 * @returns {boolean} whether it is kept
 */
export function keep(storage, key, value) {
  const write = () => {
    storage?.setItem(key, JSON.stringify(value));
    return storage !== null;
  };
  return attempt(write) ?? false;
}

/**
 * @param {Storage | null} storage
 * @param {string} key
 */
export function forget(storage, key) {
  attempt(() => storage?.removeItem(key));
}
