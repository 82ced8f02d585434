/** One comment in the document: made from the page's templates, and read from what the server rendered. */

import { isRemoved } from "../thread/age.js";
import { part, setServerHtml, setText } from "../dom.js";
import { fold } from "./folding.js";
import { drawInitial, drawPerson } from "./person.js";
import { ago, inFull, serverNow } from "./times.js";

/**
 * @import { User } from "../client/wire.js"
 * @import { Comment, CommentItem, Entry, EntryItem, Item, StoredComment } from "../thread/types.js"
 *
 * @typedef {object} How what is shown of comments depends on, beside them
 * @property {boolean} mayReply
 * @property {(entry: Entry) => string} stateOf the line beneath an entry
 * @property {(entry: Entry) => boolean} retryable
 * @property {User | null} self
 */

const LINE = 100; // characters of what is quoted

/** @type {Record<string, string>} */
const ROLES = { author: "Author", moderator: "Moderator" };

export class Articles {
  /** @type {Map<string, DocumentFragment>} */
  #templates = new Map();

  /** @param {HTMLElement} section with the templates of comments/templates/comments/section.html */
  constructor(section) {
    this.section = section;
    for (const { dataset, content } of section.querySelectorAll("template")) {
      this.#templates.set(dataset.template ?? "", content);
    }
  }

  /**
   * @param {Item} item
   * @param {HTMLElement | null} old what stands in its place now
   * @param {How} how
   * @returns {HTMLElement} `old` itself, where changing it is enough
   */
  draw(item, old, how) {
    return item.entry ? this.#entry(item, old, how) : this.#comment(item, old, how);
  }

  /**
   * @param {CommentItem} item
   * @param {HTMLElement | null} old
   * @param {How} how
   */
  #comment({ comment, to, orphan }, old, { self, mayReply }) {
    const removed = isRemoved(comment);
    const article = this.#copy(removed ? "removed" : "comment");
    article.id = `comment-${comment.id}`;
    Object.assign(article.dataset, {
      id: comment.id,
      root: comment.root ?? "",
      parent: comment.parent ?? "",
      replyCount: comment.reply_count,
      status: comment.status,
      version: comment.version,
      timestamp: comment.timestamp,
    });
    if (removed) return article;
    Object.assign(article.dataset, { userId: comment.user_id, role: comment.role });
    const name = part(article, ".comment-user");
    name.textContent = comment.user;
    name.id = `comment-${comment.id}-user`;
    article.setAttribute("aria-labelledby", name.id);
    drawPerson(article, { id: comment.user_id, name: comment.user }, self?.id ?? null);
    keepIf(part(article, ".comment-role"), ROLES[comment.role]);
    this.#fillWhere(article, comment.parent, to, orphan);
    part(article, ".comment-when").setAttribute("href", `#comment-${comment.id}`);
    const time = part(article, "time", HTMLTimeElement);
    time.dateTime = comment.timestamp;
    showAge(time);
    const edited = part(article, ".comment-edited");
    edited.dataset.by = comment.edited_by ?? "";
    keepIf(edited, comment.edited_at ? editedText(comment.edited_by) : undefined);
    fillText(part(article, ".comment-text"), comment, old);
    fold(part(article, ".comment-text"), comment, old);
    const reply = part(article, ".comment-reply");
    reply.hidden = !mayReply;
    reply.setAttribute("href", `?comment=${comment.id}&reply=${comment.id}#comment-form`);
    const add = part(article, ".reaction-add");
    add.setAttribute("href", (add.getAttribute("href") ?? "").replace(/0\/react\/$/, `${comment.id}/react/`));
    part(reply, ".visually-hidden").textContent = ` to ${comment.user}`;
    return article;
  }

  /**
   * @param {EntryItem} item
   * @param {HTMLElement | null} old
   * @param {How} how
   */
  #entry({ entry, to, orphan }, old, { self, stateOf, retryable }) {
    const article = old?.dataset.ref === entry.ref ? old : this.#copy("entry");
    if (article !== old) {
      article.dataset.ref = entry.ref;
      part(article, ".comment-user").textContent = self?.name ?? "";
      drawInitial(part(article, ".comment-initial"), { id: self?.id ?? "", name: self?.name ?? "" });
      part(article, ".comment-text").textContent = entry.content;
      this.#fillWhere(article, entry.parent, to, orphan);
    }
    article.dataset.state = entry.state;
    setText(part(article, ".comment-state"), stateOf(entry));
    const isFailed = entry.state === "failed";
    const mayTakeBack = isFailed || entry.state === "queued" || entry.state === "waiting";
    part(article, "[data-action=retry]").hidden = !(isFailed && retryable(entry));
    for (const action of ["edit", "discard"]) part(article, `[data-action=${action}]`).hidden = !mayTakeBack;
    return article;
  }

  /**
   * @param {HTMLElement} article
   * @param {string | null} parent
   * @param {StoredComment | null} to
   * @param {boolean} orphan
   */
  #fillWhere(article, parent, to, orphan) {
    const quote = part(article, ".comment-quote");
    if (to) {
      part(quote, "a").setAttribute("href", `#comment-${to.id}`);
      part(quote, "b").textContent = to.user || "A removed comment";
      part(quote, "span").textContent = lineOf(this.#textOf(to));
    } else {
      quote.remove();
    }
    const above = part(article, ".comment-orphan");
    if (orphan) part(above, "a").setAttribute("href", `#comment-${parent}`);
    else above.remove();
  }

  /** @param {StoredComment} comment */
  #textOf({ id, html }) {
    if (html !== null) return new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";
    return this.section.querySelector(`#comment-${CSS.escape(id)} > .comment-text`)?.textContent ?? "";
  }

  /** @param {string} name */
  #copy(name) {
    const content = this.#templates.get(name);
    if (!content) throw new Error(`comments: the page has no template ${name}`);
    return document.importNode(part(content, ".comment"), true);
  }
}

/**
 * @param {HTMLElement} article
 * @returns {Comment} the comment that the server rendered; its `html` is in the page already
 */
export function readComment(article) {
  const { id = "", root, parent, userId = "", role = "", status = "", version, timestamp = "" } = article.dataset;
  return {
    id,
    root: root || null,
    parent: parent || null,
    reply_count: Number(article.dataset.replyCount),
    user: article.querySelector(".comment-user")?.textContent ?? "",
    user_id: userId,
    role,
    html: null,
    timestamp,
    // When it was does not show; that it was does.
    edited_at: article.querySelector(".comment-edited") ? timestamp : null,
    edited_by: article.querySelector(".comment-edited[data-by=moderator]") ? "moderator" : "author",
    ...readReactions(article),
    status,
    version: Number(version),
  };
}

/** @param {HTMLElement} article */
function readReactions(article) {
  /** @type {HTMLElement[]} */
  const buttons = [...article.querySelectorAll(".reaction")].filter((button) => button instanceof HTMLElement);
  const counts = buttons.map(({ dataset }) => [dataset.emoji ?? "", Number(dataset.count)]);
  return { reactions: Object.fromEntries(counts), reaction_seq: Number(article.dataset.reactionSeq ?? 0) };
}

/** @param {string | null | undefined} by */
function editedText(by) {
  return by === "moderator" ? "edited by a moderator" : "edited";
}

/**
 * What an article shows: the same face needs no drawing.
 * @param {Item} item
 * @param {How} how
 */
export function faceOf({ comment, entry, to, orphan }, { stateOf, self }) {
  if (entry) return `${stateOf(entry)}|${entry.content}|${to?.id}`;
  const isOwn = comment.user_id === self?.id;
  return [comment.status, comment.version, comment.user, to?.id, to?.user, to?.version, orphan, isOwn].join("|");
}

/** @param {HTMLTimeElement} time */
export function showAge(time) {
  setText(time, ago(time.dateTime, serverNow()));
  time.title = inFull(time.dateTime);
}

/**
 * @param {HTMLElement} element
 * @param {Comment} comment
 * @param {HTMLElement | null} old
 */
function fillText(element, comment, old) {
  if (comment.html !== null) {
    setServerHtml(element, comment.html);
    return;
  }
  // Rendered by the server with the page: its text moves over as it is.
  element.replaceChildren(...(old?.querySelector(".comment-text")?.childNodes ?? []));
}

/**
 * The beginning of a text on one line; the same as the `line` filter of the server's templates.
 * @param {string} text
 */
function lineOf(text) {
  const characters = [...text.split(/\s+/).filter(Boolean).join(" ")];
  return characters.length > LINE ? `${characters.slice(0, LINE).join("").trimEnd()}…` : characters.join("");
}

/**
 * @param {HTMLElement} element
 * @param {string | undefined} text
 */
function keepIf(element, text) {
  if (text) element.textContent = text;
  else element.remove();
}
