/**
 * `at(-1)`, which the oldest browsers that are served do not have.
 * @template T
 * @param {T[]} list
 * @returns {T | undefined}
 */
export const lastOf = (list) => list[list.length - 1];
