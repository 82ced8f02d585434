/** The list of comments in the document: its one writer. */

import { Articles, faceOf, readComment, showAge } from "./article.js";
import { News } from "./news.js";
import { Place, isInSight, reducedMotion } from "./anchor.js";
import { compareAge } from "../thread/tree.js";

const COLLAPSE = 220; // ms
const MOST_COLLAPSING = 3; // at once; with more of them it is another list

export class View {
  /** @param {HTMLElement} section as comments/templates/comments/section.html renders it */
  constructor(section) {
    this.list = section.querySelector(".comment-list");
    this.empty = section.querySelector(".comments-empty");
    this.articles = new Articles(section);
    this.place = new Place(section);
    this.news = new News(section);
    /** @type {Map<string, HTMLLIElement>} by the key of their item */
    this.nodes = new Map();
    /** What each node shows, to leave alone what did not change. */
    this.faces = new Map();
    for (const article of this.list.querySelectorAll(".comment")) {
      this.nodes.set(article.id, article.closest("li"));
    }
    this.tick();
  }

  /** @returns {object[]} the comments that the server rendered, newest first; their `html` is in the page already */
  read() {
    const articles = [...this.list.querySelectorAll(".comment")];
    return articles.map(readComment).sort((a, b) => compareAge(b, a));
  }

  /**
   * Makes the list show these items.
   * @param {import("../thread/tree.js").Item[]} items
   * @param {object} how
   * @param {boolean} how.mayReply
   * @param {(entry: object) => string} how.stateOf the line beneath an entry
   * @param {(entry: object) => boolean} how.retryable
   * @param {{id: string, name: string} | null} how.self
   * @param {(node: HTMLElement) => void} how.beforeRemove
   */
  render(items, how) {
    const all = items.flatMap((item) => [item, ...item.replies]);
    const keys = new Set(all.map(({ key }) => key));
    this.adoptEntries(all);
    const gone = [...this.nodes.keys()].filter((key) => !keys.has(key));
    for (const key of gone) this.remove(key, how, gone.length <= MOST_COLLAPSING);
    this.arrange(this.list, items, how);
    this.news.shown(all.map(({ comment }) => comment).filter(Boolean));
    this.empty.hidden = items.length > 0;
  }

  /** An own comment comes back from the server: it takes its entry's place, and nothing moves. */
  adoptEntries(items) {
    for (const { key, ref } of items) {
      const entry = ref && this.nodes.get(`entry-${ref}`);
      if (!entry || this.nodes.has(key)) continue;
      this.nodes.delete(`entry-${ref}`);
      this.faces.delete(`entry-${ref}`);
      this.nodes.set(key, entry);
    }
  }

  arrange(list, items, how) {
    let next = present(list.firstElementChild);
    for (const item of items) {
      const node = this.nodeOf(item, how);
      if (node === next) next = present(next.nextElementSibling);
      else list.insertBefore(node, next);
      const replies = node.querySelector(":scope > .comment-replies");
      if (item.replies.length > 0) this.arrange(replies ?? node.appendChild(repliesList()), item.replies, how);
      else if (replies && !replies.firstElementChild) replies.remove();
    }
  }

  nodeOf(item, how) {
    const isArrival = !this.nodes.has(item.key);
    const face = faceOf(item, how);
    if (isArrival) this.nodes.set(item.key, document.createElement("li"));
    const node = this.nodes.get(item.key);
    node.className = "comment-item";
    const known = this.faces.get(item.key) ?? (isArrival || !isAdopted(node, item) ? null : face);
    if (known !== face) this.draw(node, item, how);
    this.faces.set(item.key, face);
    const article = node.querySelector(":scope > .comment");
    if (item.comment && isArrival && this.news.has(item.comment, how.self)) this.news.announce(article);
    const reply = article.querySelector(".comment-reply");
    if (reply) reply.hidden = !how.mayReply;
    return node;
  }

  draw(node, item, how) {
    const old = node.querySelector(":scope > .comment");
    const article = this.articles.draw(item, old, how);
    if (article === old) return;
    if (!old) {
      node.prepend(article);
      return;
    }
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(article);
    this.news.redrawn(old, article);
    if (hadFocus) article.focus({ preventScroll: true });
  }

  remove(key, how, isShown) {
    const node = this.nodes.get(key);
    how.beforeRemove(node);
    this.nodes.delete(key);
    this.faces.delete(key);
    const article = node.querySelector(":scope > .comment");
    this.news.forget(article);
    if (article.contains(document.activeElement)) this.neighbour(article)?.focus({ preventScroll: true });
    // Its replies, if it has any, are placed elsewhere in a moment: it must not take them along.
    for (const reply of node.querySelectorAll(":scope > .comment-replies > li")) node.before(reply);
    const isSeen = isShown && isInSight(node) && node.getBoundingClientRect().top > 0 && !document.hidden;
    if (!isSeen || reducedMotion()) node.remove();
    else collapse(node, article);
  }

  /** @returns {HTMLElement | undefined} the comment after this one, or before it, where there is one */
  neighbour(article) {
    const articles = this.present();
    const index = articles.indexOf(article);
    return articles[index + 1] ?? articles[index - 1];
  }

  /** @returns {HTMLElement[]} the comments in the list, from its top */
  present() {
    return [...this.list.querySelectorAll(".comment-item:not(.is-leaving) > .comment")];
  }

  /** @returns {HTMLElement | null} the comment with this id */
  find(id) {
    return this.nodes.get(`comment-${id}`)?.querySelector(":scope > .comment") ?? null;
  }

  /** @returns {HTMLElement | undefined} the comment at the end of the list */
  last() {
    return this.present().at(-1);
  }

  /** Goes to the first new comment that was not seen yet. */
  goToNews() {
    const first = this.news.first();
    if (first) this.place.goTo(first);
  }

  /** Goes to the newest comment. */
  goToTop() {
    const [first] = this.present();
    if (first) this.place.goTo(first);
  }

  /** Brings the relative times up to date. */
  tick() {
    for (const time of this.list.querySelectorAll("time")) showAge(time);
  }
}

function present(node) {
  while (node?.classList.contains("is-leaving")) node = node.nextElementSibling;
  return node;
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

function collapse(node, article) {
  node.classList.add("is-leaving");
  node.inert = true;
  article.removeAttribute("id");
  const frames = [{ height: `${node.offsetHeight}px`, opacity: 1 }, { height: "0px", opacity: 0 }];
  const list = node.parentElement;
  const gone = () => {
    node.remove();
    if (list.matches(".comment-replies:empty")) list.remove();
  };
  node.animate(frames, { duration: COLLAPSE, easing: "ease-out" }).finished.then(gone, gone);
}
