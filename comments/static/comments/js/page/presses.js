/** What a press on something in the section asks for. */

/**
 * @import { Side } from "../thread/windows.js"
 * @import { Writing } from "../writing/writing.js"
 * @import { Loader } from "./loader.js"
 * @import { Own } from "./own.js"
 * @import { Sorts } from "./sorts.js"
 *
 * @typedef {object} Parts
 * @property {Writing} writing
 * @property {Loader} loader
 * @property {Sorts} sorts
 * @property {Own} own
 * @property {(root: string) => void} openNew
 * @property {() => void} showNew
 * @property {() => void} showTop
 */

/**
 * @param {MouseEvent} event
 * @param {Parts} parts
 */
export function pressedIn(event, parts) {
  const { target } = event;
  // The browser opens a link in another tab: this page stays as it is.
  if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  /** @type {HTMLElement | null} */
  const article = target.closest(".comment");
  const isTaken = article ? pressedComment(target, article, parts) : pressedList(target, parts);
  if (isTaken) event.preventDefault();
}

/**
 * @param {Element} target
 * @param {HTMLElement} article
 * @param {Parts} parts
 */
function pressedComment(target, article, { own, writing }) {
  if (own.pressed(target, article)) return true;
  /** @type {HTMLElement | null} */
  const action = target.closest("[data-action]");
  const isReply = target.closest(".comment-reply") !== null;
  if (isReply) writing.answer(article.dataset.id ?? "");
  else if (action) writing.act(action.dataset.action ?? "", article);
  return isReply;
}

/**
 * @param {Element} target
 * @param {Parts} parts
 */
function pressedList(target, parts) {
  /** @type {HTMLElement | null} */
  const line = target.closest("a, button") && target.closest(LINES);
  if (!line) return parts.sorts.pressed(target);
  const article = line.parentElement?.querySelector(":scope > .comment");
  const root = article?.getAttribute("data-id") ?? "";
  /** @type {Side} */
  const side = line.matches(".is-earlier, .comments-previous") ? "previous" : "next";
  if (line.matches(".comment-more")) parts.loader.loadReplies(root, side, line);
  else if (line.matches(".comment-folded")) parts.openNew(root);
  else if (line.matches(".comments-older, .comments-previous")) parts.loader.loadRoots(side);
  else if (line.matches(".comments-newest")) parts.showTop();
  else parts.showNew();
  return true;
}

const LINES = ".comment-more, .comment-folded, .comments-older, .comments-previous, .comments-newest, .comments-new";
