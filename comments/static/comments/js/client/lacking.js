/**
 * What the oldest browsers that are served lack (Safari 15.0 most of it), filled in as the standard has it. The page
 * and the client alone have it through api.js. This file is about the language; what else a page needs is asked for in page/support.js.
 */

/**
 * @param {object} owner
 * @param {string} name
 * @param {unknown} value
 */
function fill(owner, name, value) {
  if (name in owner) return;
  Object.defineProperty(owner, name, { value, writable: true, configurable: true });
}

/**
 * @this {ArrayLike<unknown>}
 * @param {number} index
 */
function at(index) {
  const whole = Math.trunc(index) || 0;
  return this[whole < 0 ? this.length + whole : whole];
}

/**
 * @this {unknown[]}
 * @param {(item: unknown, index: number, all: unknown[]) => boolean} test
 */
function findLastIndex(test) {
  for (let index = this.length - 1; index >= 0; index -= 1) if (test(this[index], index, this)) return index;
  return -1;
}

/**
 * @this {unknown[]}
 * @param {(item: unknown, index: number, all: unknown[]) => boolean} test
 */
function findLast(test) {
  return this[findLastIndex.call(this, test)];
}

/**
 * @param {object} owner
 * @param {PropertyKey} name
 */
const hasOwn = (owner, name) => Object.prototype.hasOwnProperty.call(owner, name);

/** @param {number} delay ms */
function timeout(delay) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), delay);
  return controller.signal;
}

/**
 * @param {string} url
 * @param {string} [base]
 */
function canParse(url, base) {
  try {
    return Boolean(new URL(url, base));
  } catch {
    return false;
  }
}

fill(Array.prototype, "at", at);
fill(String.prototype, "at", at);
fill(Array.prototype, "findLastIndex", findLastIndex);
fill(Array.prototype, "findLast", findLast);
fill(Object, "hasOwn", hasOwn);
fill(AbortSignal, "timeout", timeout);
fill(URL, "canParse", canParse);
