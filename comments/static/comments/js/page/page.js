/** What the page around the section offers: its data, its cookie, its storage. */

import { cookie } from "../client/browser.js";
import { part } from "./dom.js";

/** @import { User } from "../client/wire.js" */

/**
 * @param {HTMLElement} section as comments/templates/comments/section.html renders it
 * @returns what the server says with the page; `page` is its snapshot without the comments
 */
export function readSection({ dataset }) {
  const { userId, userName = "", userRole = "" } = dataset;
  /** @type {User | null} whoever the page was rendered for */
  const user = userId ? { id: userId, name: userName, role: /** @type {User["role"]} */ (userRole) } : null;
  return {
    page: {
      epoch: dataset.epoch ?? "",
      seq: Number(dataset.seq),
      count: Number(dataset.count),
      policy: dataset.policy,
      next: dataset.next || null,
    },
    isNewestPage: dataset.firstPage !== "false",
    /** Outlives the addresses, which change with what is commented on. */
    thread: dataset.thread ?? "",
    /** Where calls about this thread go, calls about the site, and the socket. */
    api: dataset.api ?? "",
    siteApi: dataset.siteApi ?? "",
    socket: dataset.socket ?? "",
    user,
    takesGuests: dataset.guests === "true",
    limit: Number(dataset.maxContent),
  };
}

/**
 * Changes when somebody logs in, in any tab.
 * @param {HTMLElement} section
 */
export function csrfCookie({ dataset }) {
  return cookie(dataset.csrfCookie ?? "");
}

/**
 * The cookie is fresher than the form: another tab may have logged in since.
 * @param {HTMLElement} section
 */
export function csrfToken(section) {
  return csrfCookie(section) ?? part(section, "[name=csrfmiddlewaretoken]", HTMLInputElement).value;
}

/**
 * @param {"localStorage" | "sessionStorage"} name
 * @returns {Storage | null} null where the browser forbids it
 */
export function storageOf(name) {
  try {
    return globalThis[name];
  } catch {
    return null;
  }
}
