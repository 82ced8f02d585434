/** The texts that a comment had, shown beneath it to its author and to moderators. */

import { ago, serverNow } from "./times.js";

/** @import { Revision } from "../client/wire.js" */

/**
 * @param {HTMLElement} article
 * @param {Revision[]} revisions the present text first
 */
export function showFormer(article, revisions) {
  article.querySelector(".comment-former")?.remove();
  const box = document.createElement("section");
  box.className = "comment-former";
  box.setAttribute("aria-label", "Former texts");
  box.tabIndex = -1;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  const leave = () => {
    box.remove();
    /** @type {HTMLElement | null} */ (article.querySelector(".comment-menu-button"))?.focus({ preventScroll: true });
  };
  close.addEventListener("click", leave);
  box.addEventListener("keydown", ({ key }) => key === "Escape" && leave());
  box.append(...revisions.map(revisionOf), close);
  article.append(box);
  box.focus({ preventScroll: true });
}

/** @param {Revision} revision */
function revisionOf({ version, content, edited_by, timestamp }) {
  const one = document.createElement("div");
  const head = document.createElement("p");
  const text = document.createElement("p");
  head.textContent = `${titleOf(version, edited_by)} · ${ago(timestamp, serverNow())}`;
  text.className = "comment-plain";
  text.dir = "auto";
  text.textContent = content;
  one.append(head, text);
  return one;
}

/**
 * @param {number} version
 * @param {Revision["edited_by"]} by
 */
function titleOf(version, by) {
  if (by === null) return "First text";
  return `Version ${version}, by ${by === "moderator" ? "a moderator" : "the author"}`;
}
