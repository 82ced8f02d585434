/** Tries again by itself what the site refuses for a while only. */

import { countdown } from "./countdown.js";
import { refusal } from "./refusals.js";

/**
 * @import { Clock } from "../client/clock.js"
 * @import { Refusal } from "../client/wire.js"
 */

/**
 * @template T
 * @param {() => Promise<T>} action rejects with an ApiError where the site refuses it
 * @param {(sentence: string) => void} tell why it has to wait and how long still, once a second
 * @param {AbortSignal} signal gives it up
 * @param {Clock} [clock]
 * @returns {Promise<T | undefined>} undefined where it was given up; rejected where another attempt can't help
 */
export async function patiently(action, tell, signal, clock) {
  try {
    return await action();
  } catch (error) {
    const refused = /** @type {Partial<Refusal>} */ (error);
    const { text, passing } = refusal(refused);
    if (!passing || !refused.retry_after) throw error;
    const isOver = await countdown(refused.retry_after, (left) => tell(`${text} Trying again in ${left}.`), signal, clock);
    return isOver ? patiently(action, tell, signal, clock) : undefined;
  }
}
