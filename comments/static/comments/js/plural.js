/**
 * @param {number} n
 * @param {string} one
 * @param {string} [many] where it is more than an "s" behind
 * @returns {string} such as "1 comment", "2 comments"
 */
export const plural = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
