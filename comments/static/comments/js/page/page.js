/** What the page around the section offers: its data, its cookie, its storage. */

import { cookie } from "../client/browser.js";
import { compareAge } from "../thread/age.js";
import { part } from "../dom.js";

/**
 * @import { User } from "../client/wire.js"
 * @import { Comment, Page } from "../thread/types.js"
 */

/**
 * @param {HTMLElement} section as comments/templates/comments/section.html renders it
 */
export function readSection({ dataset }) {
  const { userId, userName = "", userRole = "" } = dataset;
  /** @type {User | null} whoever the page was rendered for */
  const user = userId ? { id: userId, name: userName, role: /** @type {User["role"]} */ (userRole) } : null;
  return {
    /** Outlives the addresses, which change with what is commented on. */
    thread: dataset.thread ?? "",
    /** Where calls about this thread go, calls about the site, and the socket. */
    api: dataset.api ?? "",
    siteApi: dataset.siteApi ?? "",
    socket: dataset.socket ?? "",
    user,
    takesGuests: dataset.guests === "true",
    limit: Number(dataset.maxContent),
    /** ms between two questions whether the page is right; 0: it never asks. */
    verifyPeriod: 1000 * Number(dataset.verifyPeriod ?? 0),
  };
}

/**
 * @param {HTMLElement} section
 * @param {Comment[]} comments that the server rendered into it, in the order of the page
 * @returns {Page} the snapshot that it was rendered from
 */
export function readPage(section, comments) {
  const { epoch = "", seq, count, policy, sort, previous, next, reactionSeq } = section.dataset;
  const windowOf = (/** @type {string} */ id) => {
    const { dataset } = part(section, `#comment-${CSS.escape(id)}`).parentElement ?? section;
    const results = comments.filter(({ root }) => root === id).sort(compareAge);
    const [earlier, later] = [Number(dataset.earlier ?? 0), Number(dataset.later ?? 0)];
    return { results, previous: dataset.previous || null, next: dataset.next || null, earlier, later };
  };
  const roots = comments.filter(({ root }) => root === null);
  return {
    epoch,
    seq: Number(seq),
    reaction_seq: Number(reactionSeq),
    count: Number(count),
    policy,
    sort: sort || "newest",
    previous: previous || null,
    next: next || null,
    results: roots.map((root) => ({ ...root, replies: windowOf(root.id) })),
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
