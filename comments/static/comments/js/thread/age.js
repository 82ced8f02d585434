/** Which comments are older. Pure. */

/**
 * Older first. Ids are the server's numbers in the order of writing, too large for JavaScript's own.
 * @param {{id: string}} a
 * @param {{id: string}} b
 */
export function compareAge(a, b) {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** @param {{status: string}} comment */
export const isRemoved = (comment) => comment.status === "removed";
