/** What a browser says of the page and its network. A program without a browser is online, and always looked at. */

export const isVisible = () => globalThis.document?.visibilityState !== "hidden";

export const isOnline = () => globalThis.navigator?.onLine ?? true;

/**
 * @param {string} name
 * @returns {string | undefined} the value of a cookie that scripts may read
 */
export function cookie(name) {
  const pairs = globalThis.document?.cookie.split("; ") ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/**
 * @typedef {object} Watcher
 * @property {() => void} onWake the page is looked at again, or the network is back
 * @property {() => void} onOffline
 * @property {() => void} onHidden nobody looks at the page
 * @property {() => void} onLeave the page is left; the browser may keep it for a way back
 * @property {() => void} onReturn somebody came back to a page that was left
 */

/**
 * Calls the watcher for as long as the signal lasts.
 * @param {Watcher} watcher
 * @param {AbortSignal} signal
 */
export function watchBrowser({ onWake, onOffline, onHidden, onLeave, onReturn }, signal) {
  /** @type {typeof globalThis.addEventListener | undefined} */
  const listen = globalThis.addEventListener;
  listen?.("online", onWake, { signal });
  listen?.("offline", onOffline, { signal });
  listen?.("pagehide", onLeave, { signal });
  listen?.("pageshow", ({ persisted }) => persisted && onReturn(), { signal });
  const looked = () => (isVisible() ? onWake() : onHidden());
  globalThis.document?.addEventListener("visibilitychange", looked, { signal });
}
