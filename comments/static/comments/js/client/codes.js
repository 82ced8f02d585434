/** What the close codes of docs/protocol.md mean to a client. Pure. */

/** What a browser says of a socket that ended without a word. */
export const LOST = 1006;
/** This server process stops, and says when to come back, so that not everybody comes at once. */
export const GOING_AWAY = 4000;
/** The position is void: the thread is read again from a snapshot. */
export const RESET = 4002;
export const HEARTBEAT_MISSED = 4003;
export const NOT_FOUND = 4503;
/** Too many connections of one reader. It is final for this one, and passes when another is closed. */
export const TOO_MANY = 4504;
export const BANNED = 4505;

const STANDARD_FINAL = new Set([1002, 1003, 1007, 1008, 1009]);

/**
 * The ranges are the contract, so that new codes need no new client.
 * @param {number} code of the close event, or of the `bye` frame before it
 * @returns {boolean} whether connecting again can help
 */
export function mayReconnect(code) {
  if (code >= 4000) return code < 4500;
  return !STANDARD_FINAL.has(code);
}

/** Codes about the subject or its reader, which every way would end with. */
const ABOUT_ALL = new Set([NOT_FOUND, BANNED]);

/**
 * @param {number} code
 * @returns {boolean} whether a final code is about more than the one connection that it ended
 */
export const endsAll = (code) => ABOUT_ALL.has(code);
