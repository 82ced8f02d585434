/** The list of comments in the document: its one writer. */

import { compareAge, isRemoved } from "./tree.js";
import { ago, inFull } from "./times.js";

const ROLES = { author: "Author", moderator: "Moderator" };
const COLLAPSE = 220; // ms

/** The only place where HTML from the server enters the page: comments/rendering.py has sanitised it. */
function setServerHtml(element, html) {
  element.innerHTML = html;
}

export class View {
  /** @param {HTMLElement} section as templates/comments/section.html renders it */
  constructor(section) {
    this.section = section;
    this.list = section.querySelector(".comment-list");
    this.news = section.querySelector(".comments-new");
    this.templates = new Map(
      [...section.querySelectorAll("template")].map((element) => [element.dataset.template, element.content]),
    );
    /** @type {Map<string, HTMLLIElement>} by the key of their item */
    this.nodes = new Map();
    /** What each node shows, to leave alone what did not change. */
    this.faces = new Map();
    this.unseen = new Set();
    this.missed = 0;
    this.newest = null;
    this.watcher = new IntersectionObserver((sights) => this.sighted(sights));
    for (const article of this.list.querySelectorAll(".comment")) {
      this.nodes.set(article.id, article.closest("li"));
    }
    // The list keeps the reader's place itself; the browser's own way, where there is one, would do it twice.
    section.classList.add("is-live");
    this.tick();
  }

  /** @returns {object[]} the comments that the server rendered, newest first; their `html` is in the page already */
  read() {
    const articles = [...this.list.querySelectorAll(".comment")];
    return articles.map(readComment).sort((a, b) => compareAge(b, a));
  }

  /**
   * Makes the list show these items, without moving what the reader looks at.
   * @param {import("./tree.js").Item[]} items
   * @param {object} how
   * @param {boolean} how.mayReply
   * @param {(entry: object) => string} how.stateOf the line beneath an entry
   * @param {(entry: object) => boolean} how.retryable
   * @param {{name: string} | null} how.self
   * @param {(node: HTMLElement) => void} how.beforeRemove
   */
  render(items, how) {
    this.how = how;
    this.keepPlace(() => {
      const keys = new Set(items.flatMap((item) => [item, ...item.replies]).map(({ key }) => key));
      this.adoptEntries(items);
      for (const key of [...this.nodes.keys()]) if (!keys.has(key)) this.remove(key);
      this.place(this.list, items);
    });
    this.markNewest(items);
    this.section.querySelector(".comments-empty").hidden = items.length > 0;
  }

  /** An own comment comes back from the server: it takes its entry's place, and nothing moves. */
  adoptEntries(items) {
    for (const { key, comment } of items.flatMap((item) => [item, ...item.replies])) {
      const entry = comment?.ref && this.nodes.get(`entry-${comment.ref}`);
      if (!entry || this.nodes.has(key)) continue;
      this.nodes.delete(`entry-${comment.ref}`);
      this.faces.delete(`entry-${comment.ref}`);
      this.nodes.set(key, entry);
    }
  }

  place(list, items) {
    let next = present(list.firstElementChild);
    for (const item of items) {
      const node = this.nodeOf(item);
      if (node === next) next = present(next.nextElementSibling);
      else list.insertBefore(node, next);
      const replies = node.querySelector(":scope > .comment-replies");
      if (item.replies.length > 0) this.place(replies ?? node.appendChild(repliesList()), item.replies);
      else if (replies && !replies.firstElementChild) replies.remove();
    }
  }

  nodeOf(item) {
    const isArrival = !this.nodes.has(item.key);
    const face = item.comment ? faceOf(item) : `${this.how.stateOf(item.entry)}|${item.entry.content}|${item.to?.id}`;
    if (isArrival) this.nodes.set(item.key, document.createElement("li"));
    const node = this.nodes.get(item.key);
    node.className = "comment-item";
    const known = this.faces.get(item.key) ?? (isArrival || !isAdopted(node, item) ? null : face);
    if (known !== face) this.draw(node, item);
    this.faces.set(item.key, face);
    const article = node.querySelector(":scope > .comment");
    if (item.comment && isArrival && this.isNews(item.comment)) this.announce(article);
    const reply = article.querySelector(".comment-reply");
    if (reply) reply.hidden = !this.how.mayReply;
    return node;
  }

  draw(node, item) {
    const old = node.querySelector(":scope > .comment");
    const article = item.entry ? this.entryArticle(item, old) : this.commentArticle(item, old);
    if (article === old) return;
    if (!old) {
      node.prepend(article);
      return;
    }
    const hadFocus = old.contains(document.activeElement);
    this.watcher.unobserve(old);
    old.replaceWith(article);
    if (hadFocus) article.focus({ preventScroll: true });
  }

  commentArticle({ comment, to, orphan }, old) {
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
    article.dataset.userId = comment.user_id;
    const name = article.querySelector(".comment-user");
    name.textContent = comment.user;
    name.id = `comment-${comment.id}-user`;
    article.setAttribute("aria-labelledby", name.id);
    keepIf(article.querySelector(".comment-role"), ROLES[comment.role]);
    this.fillPlace(article, to, orphan);
    article.querySelector(".comment-when").setAttribute("href", `#comment-${comment.id}`);
    const time = article.querySelector("time");
    Object.assign(time, { dateTime: comment.timestamp, title: inFull(comment.timestamp) });
    time.textContent = ago(comment.timestamp, Date.now());
    this.fillText(article.querySelector(".comment-text"), comment, old);
    const reply = article.querySelector(".comment-reply");
    reply.setAttribute("href", `?reply=${encodeURIComponent(comment.id)}#comment-form`);
    reply.querySelector(".visually-hidden").textContent = ` to ${comment.user}`;
    return article;
  }

  fillText(element, comment, old) {
    if (comment.html !== null) {
      setServerHtml(element, comment.html);
      return;
    }
    // Rendered by the server with the page: its text moves over as it is.
    element.replaceChildren(...(old?.querySelector(".comment-text")?.childNodes ?? []));
  }

  fillPlace(article, to, orphan) {
    const link = article.querySelector(".comment-to");
    if (to) {
      link.setAttribute("href", `#comment-${to.id}`);
      link.textContent = `to ${to.user || "a removed comment"}`;
    } else {
      link.remove();
    }
    if (!orphan) article.querySelector(".comment-orphan").remove();
  }

  entryArticle({ entry, to, orphan }, old) {
    const article = old?.dataset.ref === entry.ref ? old : this.copy("entry");
    if (article !== old) {
      article.dataset.ref = entry.ref;
      article.querySelector(".comment-user").textContent = this.how.self?.name ?? "";
      article.querySelector(".comment-text").textContent = entry.content;
      this.fillPlace(article, to, orphan);
    }
    article.dataset.state = entry.state;
    setText(article.querySelector(".comment-state"), this.how.stateOf(entry));
    const isFailed = entry.state === "failed";
    const mayTakeBack = isFailed || entry.state === "queued" || entry.state === "waiting";
    article.querySelector("[data-action=retry]").hidden = !(isFailed && this.how.retryable(entry));
    for (const action of ["edit", "discard"]) article.querySelector(`[data-action=${action}]`).hidden = !mayTakeBack;
    return article;
  }

  copy(name) {
    return document.importNode(this.templates.get(name).querySelector(".comment"), true);
  }

  remove(key) {
    const node = this.nodes.get(key);
    this.how.beforeRemove(node);
    this.nodes.delete(key);
    this.faces.delete(key);
    const article = node.querySelector(":scope > .comment");
    this.forget(article);
    const box = node.getBoundingClientRect();
    const isInSight = box.bottom > 0 && box.top > 0 && box.top < innerHeight;
    // Its replies, if it has any, are placed elsewhere in a moment: it must not take them along.
    for (const reply of node.querySelectorAll(":scope > .comment-replies > li")) node.before(reply);
    if (!isInSight || reducedMotion()) node.remove();
    else collapse(node, article);
  }

  /** Whether it came after everything the page has shown, and from somebody else. */
  isNews(comment) {
    return !comment.ref && this.newest !== null && compareAge(comment, this.newest) > 0;
  }

  announce(article) {
    article.classList.add("is-new");
    this.watcher.observe(article);
  }

  markNewest(items) {
    for (const { comment } of items.flatMap((item) => [item, ...item.replies])) {
      if (comment && (!this.newest || compareAge(comment, this.newest) > 0)) this.newest = comment;
    }
    this.newest ??= { id: "" };
  }

  sighted(sights) {
    for (const { target, isIntersecting } of sights) {
      if (!isIntersecting) {
        this.unseen.add(target);
        continue;
      }
      this.forget(target);
      target.classList.add("is-seen");
    }
    this.showNews();
  }

  forget(article) {
    this.watcher.unobserve(article);
    this.unseen.delete(article);
    this.showNews();
  }

  /** @param {number} [missed] new comments that are not in the list at all */
  showNews(missed = this.missed) {
    this.missed = missed;
    const count = this.unseen.size + missed;
    this.news.hidden = count === 0;
    if (count > 0) setText(this.news, count === 1 ? "1 new comment" : `${count} new comments`);
  }

  /** Goes to the first new comment that was not seen yet. */
  goToNews() {
    const first = [...this.list.querySelectorAll(".is-new:not(.is-seen)")].find((article) => this.unseen.has(article));
    if (first) this.goTo(first);
  }

  /** Goes to the newest comment. */
  goToTop() {
    const first = this.list.querySelector(".comment");
    if (first) this.goTo(first);
  }

  goTo(article) {
    article.scrollIntoView({ block: "center", behavior: reducedMotion() ? "instant" : "smooth" });
    article.focus({ preventScroll: true });
  }

  /** @returns {HTMLElement | null} the comment with this id */
  find(id) {
    return this.nodes.get(`comment-${id}`)?.querySelector(":scope > .comment") ?? null;
  }

  /** @returns {boolean} whether the reader is in the older half of the list */
  isReadingOldHalf() {
    const { top, bottom } = this.list.getBoundingClientRect();
    return innerHeight / 2 > (top + bottom) / 2;
  }

  /**
   * Changes the list while the line that is being read stays where it is on the screen.
   * @param {() => void} change
   * @param {Element | null} [element] what the reader looks at, where that is known
   */
  keepPlace(change, element = null) {
    const topOf = (one) => one.getBoundingClientRect().top;
    const anchors = element ? [element] : this.anchors();
    const tops = anchors.map(topOf);
    change();
    const held = anchors.findIndex((one) => one.isConnected && !one.closest(".is-leaving"));
    if (held < 0) return;
    const moved = topOf(anchors[held]) - tops[held];
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  }

  /** @returns {Element[]} what may serve to hold the place, best first; nothing, if the list may move */
  anchors() {
    const focused = document.activeElement;
    if (this.list.contains(focused) && isInSight(focused)) return [focused];
    // The list's beginning is in sight: what arrives there is seen arriving.
    if (this.list.getBoundingClientRect().top >= 0) return [];
    const articles = [...this.list.querySelectorAll(".comment-item:not(.is-leaving) > .comment")];
    const first = articles.findIndex((article) => article.getBoundingClientRect().top >= 0);
    return first < 0 ? articles.slice(-1) : articles.slice(first, first + 5);
  }

  /** Brings the relative times up to date. */
  tick() {
    for (const time of this.list.querySelectorAll("time")) {
      setText(time, ago(time.dateTime, Date.now()));
      time.title = inFull(time.dateTime);
    }
  }
}

function readComment(article) {
  const { id, parent, userId, status, version, timestamp } = article.dataset;
  return {
    id,
    parent: parent || null,
    user: article.querySelector(".comment-user")?.textContent ?? "",
    user_id: userId ?? "",
    html: null,
    timestamp,
    status,
    version: Number(version),
  };
}

function present(node) {
  while (node?.classList.contains("is-leaving")) node = node.nextElementSibling;
  return node;
}

function faceOf({ comment, to, orphan }) {
  return [comment.status, comment.version, comment.user, to?.id, to?.user, orphan].join("|");
}

/** Whether the node was rendered by the server for this very comment. */
function isAdopted(node, { comment }) {
  const article = node.querySelector(":scope > .comment");
  return comment !== null && article?.dataset.id === comment.id && article.dataset.status === comment.status;
}

function repliesList() {
  const list = document.createElement("ol");
  list.className = "comment-replies";
  return list;
}

function keepIf(element, text) {
  if (text) element.textContent = text;
  else element.remove();
}

/** Writes only what changed, so that screen readers are not told the same again. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function collapse(node, article) {
  node.classList.add("is-leaving");
  node.inert = true;
  article.removeAttribute("id");
  const frames = [{ height: `${node.offsetHeight}px`, opacity: 1 }, { height: "0px", opacity: 0 }];
  const list = node.parentElement;
  node.animate(frames, { duration: COLLAPSE, easing: "ease-out" }).finished.finally(() => {
    node.remove();
    if (list.matches(".comment-replies:empty")) list.remove();
  });
}
