/** Whether the browser has all that the page's modules take for granted. Beneath that the plain form is left alone. */

export function isSupported() {
  return [
    "fetch" in globalThis,
    "WebSocket" in globalThis,
    "IntersectionObserver" in globalThis,
    "AbortController" in globalThis,
    "TextDecoderStream" in globalThis,
    "getRandomValues" in (globalThis.crypto ?? {}),
    "replaceChildren" in Element.prototype,
    "escape" in (globalThis.CSS ?? {}),
  ].every(Boolean);
}

/**
 * Calls back when the page is there to be seen: a browser may make it in advance, and then nobody reads it.
 * @param {() => void} start
 */
export function whenSeen(start) {
  const page = /** @type {Document & {prerendering?: boolean}} */ (document);
  if (page.prerendering) page.addEventListener("prerenderingchange", start, { once: true });
  else start();
}
