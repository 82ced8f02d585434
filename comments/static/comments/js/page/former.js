/** The texts that a comment had, shown beneath it to its author and to moderators. */

import { focusOn, make } from "../dom.js";
import { ago, serverNow } from "./times.js";

/** @import { Revision } from "../client/wire.js" */

/**
 * @param {HTMLElement} article
 * @param {Revision[]} revisions the present text first
 */
export function showFormer(article, revisions) {
  article.querySelector(".comment-former")?.remove();
  const close = make("button", { type: "button" }, "Close");
  const box = make("section", { className: "comment-former", tabIndex: -1 }, ...revisions.map(revisionOf), close);
  box.setAttribute("aria-label", "Former texts");
  const leave = () => {
    box.remove();
    focusOn(article.querySelector(".comment-menu-button"));
  };
  close.addEventListener("click", leave);
  box.addEventListener("keydown", ({ key }) => key === "Escape" && leave());
  article.append(box);
  focusOn(box);
}

/** @param {Revision} revision */
function revisionOf({ version, content, edited_by, timestamp }) {
  const head = make("p", {}, `${titleOf(version, edited_by)} · ${ago(timestamp, serverNow())}`);
  return make("div", {}, head, make("p", { className: "comment-plain", dir: "auto" }, content));
}

/**
 * @param {number} version
 * @param {Revision["edited_by"]} by
 */
function titleOf(version, by) {
  if (by === null) return "First text";
  return `Version ${version}, by ${by === "moderator" ? "a moderator" : "the author"}`;
}
