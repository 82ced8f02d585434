/** One comment in the document: made from the page's templates, and read from what the server rendered. */

import { isRemoved } from "../thread/tree.js";
import { ago, inFull } from "./times.js";

const ROLES = { author: "Author", moderator: "Moderator" };

/** The only place where HTML from the server enters the page: comments/rendering.py has sanitised it. */
function setServerHtml(element, html) {
  element.innerHTML = html;
}

export class Articles {
  /** @param {HTMLElement} section with the templates of comments/templates/comments/section.html */
  constructor(section) {
    this.templates = new Map(
      [...section.querySelectorAll("template")].map((element) => [element.dataset.template, element.content]),
    );
  }

  /**
   * @param {import("../thread/tree.js").Item} item
   * @param {HTMLElement | null} old what stands in its place now
   * @param {object} how as in View.render
   * @returns {HTMLElement} `old` itself, where changing it is enough
   */
  draw(item, old, how) {
    return item.entry ? this.entry(item, old, how) : this.comment(item, old);
  }

  comment({ comment, to, orphan }, old) {
    const removed = isRemoved(comment);
    const article = this.copy(removed ? "removed" : "comment");
    Object.assign(article, { id: `comment-${comment.id}` });
    Object.assign(article.dataset, {
      id: comment.id,
      parent: comment.parent ?? "",
      status: comment.status,
      version: comment.version,
      timestamp: comment.timestamp,
    });
    if (removed) return article;
    Object.assign(article.dataset, { userId: comment.user_id, role: comment.role });
    const name = article.querySelector(".comment-user");
    name.textContent = comment.user;
    name.id = `comment-${comment.id}-user`;
    article.setAttribute("aria-labelledby", name.id);
    keepIf(article.querySelector(".comment-role"), ROLES[comment.role]);
    fillPlace(article, to, orphan);
    article.querySelector(".comment-when").setAttribute("href", `#comment-${comment.id}`);
    const time = article.querySelector("time");
    time.dateTime = comment.timestamp;
    showAge(time);
    if (!comment.edited_at) article.querySelector(".comment-edited").remove();
    fillText(article.querySelector(".comment-text"), comment, old);
    const reply = article.querySelector(".comment-reply");
    reply.setAttribute("href", `?reply=${encodeURIComponent(comment.id)}#comment-form`);
    reply.querySelector(".visually-hidden").textContent = ` to ${comment.user}`;
    return article;
  }

  entry({ entry, to, orphan }, old, { self, stateOf, retryable }) {
    const article = old?.dataset.ref === entry.ref ? old : this.copy("entry");
    if (article !== old) {
      article.dataset.ref = entry.ref;
      article.querySelector(".comment-user").textContent = self?.name ?? "";
      article.querySelector(".comment-text").textContent = entry.content;
      fillPlace(article, to, orphan);
    }
    article.dataset.state = entry.state;
    const state = article.querySelector(".comment-state");
    // A countdown is to be seen, not to be heard every second.
    state.setAttribute("aria-live", entry.state === "waiting" ? "off" : "polite");
    setText(state, stateOf(entry));
    const isFailed = entry.state === "failed";
    const mayTakeBack = isFailed || entry.state === "queued" || entry.state === "waiting";
    article.querySelector("[data-action=retry]").hidden = !(isFailed && retryable(entry));
    for (const action of ["edit", "discard"]) article.querySelector(`[data-action=${action}]`).hidden = !mayTakeBack;
    return article;
  }

  copy(name) {
    return document.importNode(this.templates.get(name).querySelector(".comment"), true);
  }
}

/** @returns {object} the comment that the server rendered; its `html` is in the page already */
export function readComment(article) {
  const { id, parent, userId, role, status, version, timestamp } = article.dataset;
  return {
    id,
    parent: parent || null,
    user: article.querySelector(".comment-user")?.textContent ?? "",
    user_id: userId ?? "",
    role: role ?? "",
    html: null,
    timestamp,
    // When it was does not show; that it was does.
    edited_at: article.querySelector(".comment-edited") ? timestamp : null,
    status,
    version: Number(version),
  };
}

/** What an article shows: the same face needs no drawing. */
export function faceOf({ comment, entry, to, orphan }, { stateOf }) {
  if (entry) return `${stateOf(entry)}|${entry.content}|${to?.id}`;
  return [comment.status, comment.version, comment.user, to?.id, to?.user, orphan].join("|");
}

export function showAge(time) {
  setText(time, ago(time.dateTime, Date.now()));
  time.title = inFull(time.dateTime);
}

/** Writes only what changed, so that screen readers are not told the same again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function fillText(element, comment, old) {
  if (comment.html !== null) {
    setServerHtml(element, comment.html);
    return;
  }
  // Rendered by the server with the page: its text moves over as it is.
  element.replaceChildren(...(old?.querySelector(".comment-text")?.childNodes ?? []));
}

function fillPlace(article, to, orphan) {
  const link = article.querySelector(".comment-to");
  if (to) {
    link.setAttribute("href", `#comment-${to.id}`);
    link.textContent = `to ${to.user || "a removed comment"}`;
  } else {
    link.remove();
  }
  if (!orphan) article.querySelector(".comment-orphan").remove();
}

function keepIf(element, text) {
  if (text) element.textContent = text;
  else element.remove();
}
