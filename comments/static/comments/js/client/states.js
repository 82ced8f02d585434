/** The states of one connection, and what its end leads to. Pure. */

import { HEARTBEAT_MISSED, LOST, TOO_MANY, mayReconnect } from "./codes.js";

/** @import { Bye } from "./wire.js" */

/**
 * @typedef {{name: "closed"}} Closed nobody wants it open
 * @typedef {{name: "connecting"}} Connecting
 * @typedef {{name: "welcomed"}} Welcomed live; it may carry nothing but its `welcome`
 * @typedef {{name: "asked"}} Asked live for a while; the next sign of life proves it
 * @typedef {{name: "proved"}} Proved live, and seen to carry more than its `welcome`
 * @typedef {object} Waiting for the next attempt
 * @property {"waiting"} name
 * @property {number} retryAt ms, by the clock
 * @property {number} failures in a row
 * @property {boolean} isRefused whether this way leads nowhere, more than any broken connection says
 * @property {number | null} code close code, where the server wanted no further attempt
 * @typedef {{name: "stopped", code: number}} Stopped for good, with a close code
 * @typedef {Closed | Connecting | Welcomed | Asked | Proved | Waiting | Stopped} State
 */

/** @param {State} state */
export const isLive = ({ name }) => name === "welcomed" || name === "asked" || name === "proved";

/**
 * @typedef {object} End of a line, as its way tells it
 * @property {number} [code] close code
 * @property {number | null} [retry_after] s
 * @property {boolean} [refused] the server was reached, and this way does not lead there
 */

/**
 * What the end of a line means.
 * @param {End} end
 * @param {Bye | null} bye what the server said before
 * @param {State} was
 */
export function readEnd({ code = LOST, retry_after = null, refused = false }, bye, was) {
  const why = bye?.code ?? code;
  const isFinal = bye?.reconnect === false || !mayReconnect(code) || !mayReconnect(why);
  // A line that was not asked for its first sign yet is lost by the network, and not by its way.
  const isHollow = code === HEARTBEAT_MISSED && was.name === "asked";
  return {
    code: why,
    isFinal,
    isRefused: refused || isHollow || why === TOO_MANY,
    retry_after: bye?.retry_after ?? retry_after,
  };
}
