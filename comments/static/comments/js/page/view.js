/** The list of comments in the document: its one writer. */

import { compareAge } from "../thread/tree.js";
import { Anchor, isInSight, reducedMotion } from "./anchor.js";
import { Articles, faceOf, readComment, showAge } from "./article.js";
import { hasFocus, part } from "./dom.js";
import { watchFolds } from "./folding.js";
import { News } from "./news.js";

/**
 * @import { Comment, Item } from "../thread/types.js"
 * @import { How } from "./article.js"
 */

const COLLAPSE = 220; // ms
const MOST_COLLAPSING = 3; // at once; with more of them it is another list

export class View {
  /** @type {Map<string, HTMLElement>} by the key of their item */
  #nodes = new Map();
  /** @type {Map<string, string>} what each node shows, to leave alone what did not change */
  #faces = new Map();

  /** @param {HTMLElement} section as comments/templates/comments/section.html renders it */
  constructor(section) {
    this.list = part(section, ".comment-list");
    this.empty = part(section, ".comments-empty");
    this.articles = new Articles(section);
    this.anchor = new Anchor(section);
    this.news = new News(section);
    for (const article of this.#present()) {
      if (article.parentElement) this.#nodes.set(article.id, article.parentElement);
    }
    watchFolds(this.list);
    this.tick();
  }

  /** @returns {Comment[]} the comments that the server rendered, newest first; their `html` is in the page already */
  read() {
    return this.#present().map(readComment).sort((a, b) => compareAge(b, a));
  }

  /**
   * Makes the list show these items.
   * @param {Item[]} items
   * @param {How} how
   */
  render(items, how) {
    const all = items.flatMap((item) => [item, ...item.replies]);
    const keys = new Set(all.map(({ key }) => key));
    this.#adoptEntries(all);
    const gone = [...this.#nodes].filter(([key]) => !keys.has(key));
    for (const [key, node] of gone) this.#remove(key, node, gone.length <= MOST_COLLAPSING);
    this.#arrange(this.list, items, how);
    this.news.shown(all.flatMap(({ comment }) => comment ?? []));
    this.empty.hidden = items.length > 0;
  }

  /**
   * @param {HTMLElement} article
   * @returns {HTMLElement | undefined} the comment after this one, or before it, where there is one
   */
  neighbour(article) {
    const articles = this.#present();
    const index = articles.indexOf(article);
    return articles[index + 1] ?? articles[index - 1];
  }

  /**
   * @param {string} id
   * @returns {HTMLElement | null} the comment with this id
   */
  find(id) {
    const node = this.#nodes.get(`comment-${id}`);
    return node ? articleOf(node) : null;
  }

  /** @returns {HTMLElement | undefined} the comment at the end of the list */
  last() {
    return this.#present().at(-1);
  }

  /** Goes to the first new comment that was not seen yet. */
  goToNews() {
    const first = this.news.first();
    if (first) this.anchor.goTo(first);
  }

  /** Goes to the newest comment. */
  goToTop() {
    const [first] = this.#present();
    if (first) this.anchor.goTo(first);
  }

  /** Brings the relative times up to date. */
  tick() {
    for (const time of this.list.querySelectorAll("time")) showAge(time);
  }

  /** @returns {HTMLElement[]} the comments in the list, from its top */
  #present() {
    return [...this.list.querySelectorAll(".comment-item:not(.is-leaving) > .comment")].filter(isHtml);
  }

  /**
   * An own comment comes back from the server: it takes its entry's place, and nothing moves.
   * @param {Item[]} items
   */
  #adoptEntries(items) {
    for (const { key, ref } of items) {
      const entry = this.#nodes.get(`entry-${ref}`);
      if (!entry || this.#nodes.has(key)) continue;
      this.#nodes.delete(`entry-${ref}`);
      this.#faces.delete(`entry-${ref}`);
      this.#nodes.set(key, entry);
    }
  }

  /**
   * @param {HTMLElement} list
   * @param {Item[]} items
   * @param {How} how
   */
  #arrange(list, items, how) {
    let next = presentFrom(list.firstElementChild);
    for (const item of items) {
      const node = this.#nodeOf(item, how);
      if (node === next) next = presentFrom(next.nextElementSibling);
      else list.insertBefore(node, next);
    }
    // The whole list stands before what hangs from it does: replies may come from where the next comment was.
    for (const item of items) {
      const node = this.#nodes.get(item.key);
      if (!node) continue;
      const replies = repliesOf(node);
      if (item.replies.length > 0) this.#arrange(replies ?? node.appendChild(newReplies()), item.replies, how);
      else if (replies && !replies.firstElementChild) replies.remove();
    }
  }

  /**
   * @param {Item} item
   * @param {How} how
   * @returns {HTMLElement} showing the item
   */
  #nodeOf(item, how) {
    const face = faceOf(item, how);
    const existing = this.#nodes.get(item.key);
    const node = existing ?? document.createElement("li");
    node.className = "comment-item";
    const known = this.#faces.get(item.key) ?? (existing && isAdopted(existing, item) ? face : null);
    const article = known === face ? articleOf(node) : this.#draw(node, item, how);
    this.#nodes.set(item.key, node);
    this.#faces.set(item.key, face);
    if (item.comment && !existing && this.news.has(item.comment, how.self)) this.news.announce(article);
    /** @type {HTMLElement | null} */
    const reply = article.querySelector(".comment-reply");
    if (reply) reply.hidden = !how.mayReply;
    return node;
  }

  /**
   * @param {HTMLElement} node
   * @param {Item} item
   * @param {How} how
   */
  #draw(node, item, how) {
    const old = node.firstElementChild ? articleOf(node) : null;
    const article = this.articles.draw(item, old, how);
    if (!old) {
      node.prepend(article);
    } else if (article !== old) {
      const hadFocus = hasFocus(old);
      old.replaceWith(article);
      this.news.redrawn(old, article);
      if (hadFocus) article.focus({ preventScroll: true });
    }
    return article;
  }

  /**
   * @param {string} key
   * @param {HTMLElement} node
   * @param {boolean} isShown whether it may be seen leaving
   */
  #remove(key, node, isShown) {
    this.#nodes.delete(key);
    this.#faces.delete(key);
    const article = articleOf(node);
    this.news.forget(article);
    if (hasFocus(article)) this.neighbour(article)?.focus({ preventScroll: true });
    // Its replies, if it has any, are placed elsewhere in a moment: it must not take them along.
    for (const reply of node.querySelectorAll(":scope > .comment-replies > li")) node.before(reply);
    const isSeen = isShown && isInSight(node) && node.getBoundingClientRect().top > 0 && !document.hidden;
    if (!isSeen || reducedMotion()) node.remove();
    else collapse(node, article);
  }
}

/**
 * @param {Element | null} element
 * @returns {element is HTMLElement}
 */
const isHtml = (element) => element instanceof HTMLElement;

/** @param {HTMLElement} node */
const articleOf = (node) => part(node, ":scope > .comment");

/** @param {HTMLElement} node */
const repliesOf = (node) => [...node.children].filter(isHtml).find((child) => child.matches(".comment-replies"));

/**
 * @param {Element | null} node
 * @returns {Element | null} it, or the next one that is not about to leave
 */
function presentFrom(node) {
  let present = node;
  while (present?.classList.contains("is-leaving")) present = present.nextElementSibling;
  return present;
}

/**
 * Whether the node was rendered by the server for this very comment.
 * @param {HTMLElement} node
 * @param {Item} item
 */
function isAdopted(node, { comment }) {
  const { id, status } = articleOf(node).dataset;
  return comment !== null && id === comment.id && status === comment.status;
}

function newReplies() {
  const list = document.createElement("ol");
  list.className = "comment-replies";
  return list;
}

/**
 * @param {HTMLElement} node
 * @param {HTMLElement} article
 */
function collapse(node, article) {
  node.classList.add("is-leaving");
  node.inert = true;
  article.removeAttribute("id");
  const frames = [{ height: `${node.offsetHeight}px`, opacity: 1 }, { height: "0px", opacity: 0 }];
  const list = node.parentElement;
  const gone = () => {
    node.remove();
    if (list?.matches(".comment-replies:empty")) list.remove();
  };
  node.animate(frames, { duration: COLLAPSE, easing: "ease-out" }).finished.then(gone, gone);
}
