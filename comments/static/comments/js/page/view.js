/** The list of comments in the document: its one writer. */

import { flat } from "../thread/tree.js";
import { Anchor } from "./anchor.js";
import { Articles, faceOf, readComment, showAge } from "./article.js";
import { openSlot, showLines, slotOf } from "./branch.js";
import { make, part } from "../dom.js";
import { watchFolds } from "./folding.js";
import { leave, presentFrom } from "./leaving.js";
import { News } from "./news.js";

/**
 * @import { Comment, Item, StoredComment } from "../thread/types.js"
 * @import { How as HowArticle } from "./article.js"
 * @import { Lines } from "./branch.js"
 *
 * @typedef {HowArticle & Lines & {isNew: (id: string) => boolean}} How `isNew`: whether nobody has seen this comment
 */

const MOST_COLLAPSING = 3; // at once; with more of them it is another list

export class View {
  /** @type {Map<string, HTMLElement>} by the key of their item */
  #nodes = new Map();
  /** @type {Map<string, string>} what each node shows, to leave alone what did not change */
  #faces = new Map();
  /** @type {string | null} */
  #marked = null;
  /** @type {boolean | null} null before the first drawing */
  #mayReply = null;
  /** @type {(article: HTMLElement, comment: StoredComment) => void} called for each comment at each drawing */
  adorn = () => {};

  /** @param {HTMLElement} section as comments/templates/comments/section.html renders it */
  constructor(section) {
    this.list = part(section, ".comment-list");
    this.empty = part(section, ".comments-empty");
    this.articles = new Articles(section);
    this.anchor = new Anchor(section);
    this.news = new News(section, () => this.anchor.looked());
    for (const article of this.present()) {
      if (article.parentElement) this.#nodes.set(article.id, article.parentElement);
      if (article.matches(".is-marked")) this.#marked = article.id;
    }
    watchFolds(this.list);
    this.tick();
  }

  /** @returns {Comment[]} the comments that the server rendered, as they stand; their `html` is in the page already */
  read() {
    return this.present().map(readComment);
  }

  /**
   * Makes the list show these items.
   * @param {Item[]} items
   * @param {How} how
   */
  render(items, how) {
    const all = flat(items);
    const keys = new Set(all.map(({ key }) => key));
    this.#adoptEntries(all);
    this.#offerReplies(how.mayReply);
    const gone = [...this.#nodes].filter(([key]) => !keys.has(key));
    for (const [key, node] of gone) this.#remove(key, node, gone.length <= MOST_COLLAPSING);
    this.#arrange(this.list, items, how);
    this.empty.hidden = items.length > 0;
  }

  /** @param {boolean} mayReply what is drawn from now on has it right by itself */
  #offerReplies(mayReply) {
    if (mayReply === this.#mayReply) return;
    this.#mayReply = mayReply;
    for (const reply of this.list.querySelectorAll(".comment-reply")) reply.toggleAttribute("hidden", !mayReply);
  }

  /**
   * @param {string} id
   * @returns {HTMLElement | null} the comment with this id
   */
  find(id) {
    return this.#articleAt(`comment-${id}`);
  }

  /**
   * @param {string} ref
   * @returns {HTMLElement | null} the own comment on its way
   */
  findEntry(ref) {
    return this.#articleAt(`entry-${ref}`);
  }

  /**
   * Where a comment would begin that is not in the list yet.
   * @param {string | null} above key of what it stands beneath
   * @param {string | null} before key of what stands before it there
   * @returns {number} px from the window's top
   */
  pointOf(above, before) {
    const previous = this.#nodes.get(before ?? "");
    if (previous) return previous.getBoundingClientRect().bottom;
    const parent = this.#articleAt(above ?? "");
    return parent ? parent.getBoundingClientRect().bottom : this.list.getBoundingClientRect().top;
  }

  /**
   * Goes to a comment.
   * @param {string} id
   * @returns {boolean} whether it is here
   */
  reveal(id) {
    const article = this.find(id);
    if (article) this.anchor.goTo(article);
    return article !== null;
  }

  /** @param {string | null} id of the comment that a link leads to */
  mark(id) {
    this.#marked = id === null ? null : `comment-${id}`;
    for (const article of this.present()) this.#showMark(article);
  }

  /** @returns {HTMLElement | null} the comment that a link leads to */
  marked() {
    return this.#articleAt(this.#marked ?? "");
  }

  /** Goes to the first new comment that was not seen yet. */
  goToNews() {
    const first = this.news.first();
    if (first) this.anchor.goTo(first);
  }

  /** Brings the relative times up to date. */
  tick() {
    for (const time of this.list.querySelectorAll("time")) showAge(time);
  }

  /** @returns {HTMLElement[]} the comments in the list, from its top */
  present() {
    return [...this.list.querySelectorAll(".comment-item:not(.is-leaving) > .comment")].filter(isHtml);
  }

  /** @param {string} key */
  #articleAt(key) {
    const node = this.#nodes.get(key);
    return node ? articleOf(node) : null;
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
    const nodes = items.map((item) => this.#nodeOf(item, how));
    for (const node of nodes) {
      if (node === next) next = presentFrom(next.nextElementSibling);
      else list.insertBefore(node, next);
    }
    // The whole list stands before what hangs from it does: replies may come from where the next comment was.
    for (const [index, item] of items.entries()) this.#arrangeBelow(nodes[index], item, how);
  }

  /**
   * @param {HTMLElement} node
   * @param {Item} item
   * @param {How} how
   */
  #arrangeBelow(node, item, how) {
    this.#arrangeSlot(node, "replies", item.replies, how);
    this.#arrangeSlot(node, "after", item.after, how);
    showLines(node, item, how);
  }

  /**
   * @param {HTMLElement} node
   * @param {"replies" | "after"} slot
   * @param {Item[]} items
   * @param {How} how
   */
  #arrangeSlot(node, slot, items, how) {
    const list = slotOf(node, slot);
    if (items.length > 0) this.#arrange(list ?? openSlot(node, slot), items, how);
    else if (list && !list.firstElementChild) list.remove();
  }

  /**
   * @param {Item} item
   * @param {How} how
   * @returns {HTMLElement} showing the item
   */
  #nodeOf(item, how) {
    const face = faceOf(item, how);
    const existing = this.#nodes.get(item.key);
    const node = existing ?? make("li", { className: "comment-item" });
    const known = this.#faces.get(item.key) ?? (existing && isAdopted(existing, item) ? face : null);
    const article = known === face ? articleOf(node) : this.#draw(node, item, how);
    this.#nodes.set(item.key, node);
    this.#faces.set(item.key, face);
    if (!item.comment) return node;
    if (!existing && how.isNew(item.comment.id)) this.news.announce(article);
    const count = String(item.comment.reply_count);
    if (article.dataset.replyCount !== count) article.dataset.replyCount = count;
    this.#showMark(article);
    this.adorn(article, item.comment);
    return node;
  }

  /** @param {HTMLElement} article */
  #showMark(article) {
    const isMarked = article.id !== "" && article.id === this.#marked;
    if (article.classList.contains("is-marked") !== isMarked) article.classList.toggle("is-marked", isMarked);
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
      old.replaceWith(article);
      this.news.redrawn(old, article);
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
    // Its replies, if it has any, are placed elsewhere in a moment: it must not take them along.
    for (const reply of node.querySelectorAll(":scope > .comment-replies > li")) node.before(reply);
    // Above the line that is read, it goes at once: the line would move with it otherwise.
    if (isShown && node.getBoundingClientRect().top > this.anchor.line) leave(node, article);
    else node.remove();
  }
}

/**
 * @param {Element | null} element
 * @returns {element is HTMLElement}
 */
const isHtml = (element) => element instanceof HTMLElement;

/** @param {HTMLElement} node */
const articleOf = (node) => part(node, ":scope > .comment");

/**
 * Whether the node was rendered by the server for this very comment.
 * @param {HTMLElement} node
 * @param {Item} item
 */
function isAdopted(node, { comment }) {
  const { id, status } = articleOf(node).dataset;
  return comment !== null && id === comment.id && status === comment.status;
}
