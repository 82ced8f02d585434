/** Whom a text is about to name, as in "@ann". Pure. */

const LONGEST = 60; // characters looked at before the caret
const MOST = 6; // names shown
/** A name begins after an @ that is not part of a word or an address, and may have spaces. */
const BEGUN = /(?:^|[^\p{L}\p{N}_@./:])@((?:[^\s@]+ ?){0,3})$/u;

/**
 * @param {string} text
 * @param {number} caret
 * @returns {{from: number, query: string} | null} where the @ stands, and what follows it
 */
export function mentionAt(text, caret) {
  const query = BEGUN.exec(text.slice(Math.max(0, caret - LONGEST), caret))?.[1];
  return query === undefined ? null : { from: caret - query.length - 1, query };
}

/**
 * @param {Iterable<{id: string, name: string}>} readers
 * @param {Iterable<{user: string, user_id: string}>} comments
 * @param {string | null} self id of whoever writes, who need not be named
 * @returns {string[]} those who read now, then those who wrote, the last first
 */
export function namesHere(readers, comments, self) {
  const wrote = [...comments].reverse().map(({ user, user_id }) => ({ id: user_id, name: user }));
  const others = [...readers, ...wrote].filter(({ id, name }) => name && id !== self);
  return [...new Set(others.map(({ name }) => name))];
}

/**
 * @param {readonly string[]} names best first
 * @param {string} query
 * @returns {string[]} the names of which a word begins so, in any case and with any accents; those that begin so come
 *   first, and one that is complete needs no completion
 */
export function matching(names, query) {
  const wanted = fold(query).trimEnd();
  const isBegun = (/** @type {string} */ name) => ` ${fold(name)}`.includes(` ${wanted}`) && fold(name) !== wanted;
  const found = [...new Set(names)].filter(isBegun);
  const rank = (/** @type {string} */ name) => Number(!fold(name).startsWith(wanted));
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

/** @param {string} name */
const fold = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
