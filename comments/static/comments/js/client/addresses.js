/** The addresses that follow from that of a thread's calls. */

/** @import { Subject } from "./wire.js" */

/**
 * @param {string} thread address of a thread's calls
 * @throws {TypeError} where it has no host, and there is no page that has one
 */
export function checkAddress(thread) {
  try {
    new URL(thread, globalThis.location?.href);
  } catch {
    throw new TypeError(`comments: the address needs a host where there is no page: ${JSON.stringify(thread)}`);
  }
}

/**
 * @param {string} thread address of a thread's calls, such as "/api/articles/plums/", with or without a host
 * @returns {string} the address below which calls about the site are: "/api/"
 */
export const siteOf = (thread) => thread.replace(/[^/]*\/[^/]*\/?$/, "");

/**
 * @param {string} thread address of a thread's calls
 * @param {Subject} subject
 * @returns {string} the address of its socket, where the site has not moved its sockets: "wss://example.org/ws/article/plums/"
 */
export function socketOf(thread, { kind, key }) {
  const path = `/ws/${encodeURIComponent(kind)}/${encodeURIComponent(key)}/`;
  const url = new URL(path, new URL(thread, globalThis.location?.href));
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/**
 * @param {string} socket address of a socket
 * @param {string} reader id of this page view, by which the server counts its reader once
 * @param {boolean} [anonymous] whether the reader is to be counted without their name
 * @returns {string} the address to open
 */
export function withReader(socket, reader, anonymous = false) {
  const url = new URL(socket, globalThis.location?.href);
  if (url.protocol.startsWith("http")) url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("reader", reader);
  if (anonymous) url.searchParams.set("anonymous", "1");
  return url.href;
}

/**
 * @param {Record<string, string | number | null | undefined>} fields of which those without a value are left out
 * @returns {string} with its question mark; empty where there is nothing to ask
 */
export function queryOf(fields) {
  const given = Object.entries(fields).filter(([, value]) => (value ?? null) !== null);
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
