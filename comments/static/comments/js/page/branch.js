/** What hangs from one comment in the document: its replies, and the lines that lead to more of them. */

import { make, setState, setText } from "../dom.js";
import { plural } from "../plural.js";

/** What may stand below a comment, in this order; the form, where somebody answers it, comes before. */
const SLOTS = {
  earlier: ["p", "comment-more is-earlier"],
  replies: ["ol", "comment-replies"],
  later: ["p", "comment-more is-later"],
  after: ["ol", "comment-replies is-after"],
  folded: ["p", "comment-folded"],
};

const FAILED = "Replies could not be loaded. Try again";

/**
 * @import { Item } from "../thread/types.js"
 *
 * @typedef {keyof typeof SLOTS} Slot
 * @typedef {object} Lines what the lines depend on
 * @property {(root: string) => number} foldedIn how many new replies of a conversation wait to be asked for
 * @property {(root: string, side: "previous" | "next") => "ready" | "loading" | "failed"} stateOfMore
 */

/**
 * @param {Element} node of a comment
 * @param {Slot} slot
 * @returns {HTMLElement | null}
 */
export function slotOf(node, slot) {
  const [, className] = SLOTS[slot];
  const children = /** @type {HTMLElement[]} */ ([...node.children]);
  return children.find((child) => child.className === className) ?? null;
}

/**
 * @param {Element} node
 * @param {Slot} slot
 * @returns {HTMLElement} the slot, which is made where there is none
 */
export function openSlot(node, slot) {
  const existing = slotOf(node, slot);
  if (existing) return existing;
  const slots = /** @type {Slot[]} */ (Object.keys(SLOTS));
  const behind = slots.slice(slots.indexOf(slot) + 1).map((other) => slotOf(node, other));
  const [name, className] = SLOTS[slot];
  const made = Object.assign(document.createElement(name), { className });
  return node.insertBefore(made, behind.find((other) => other !== null) ?? null);
}

/**
 * Shows the lines that lead to replies which are not in the list.
 * @param {Element} node
 * @param {Item} item
 * @param {Lines} lines
 */
export function showLines(node, item, { stateOfMore, foldedIn }) {
  const id = item.comment?.id ?? "";
  const more = (/** @type {number} */ count, /** @type {string} */ kind, /** @type {"previous" | "next"} */ side) => {
    const state = stateOfMore(id, side);
    const text = state === "failed" ? FAILED : counted(count, kind);
    return { text, isBusy: state === "loading", href: `?replies=${id}#comment-${id}` };
  };
  const folded = foldedIn(id);
  setLine(node, "earlier", item.earlier > 0 ? more(item.earlier, "earlier", "previous") : null);
  setLine(node, "later", item.later > 0 ? more(item.later, "more", "next") : null);
  setLine(node, "folded", folded > 0 ? { text: counted(folded, "new"), isBusy: false } : null);
}

/**
 * @param {Element} node of a root
 * @param {Slot} slot
 * @param {{text: string, isBusy: boolean, href?: string} | null} line
 */
function setLine(node, slot, line) {
  if (!line) {
    slotOf(node, slot)?.remove();
    return;
  }
  const place = openSlot(node, slot);
  const link = place.querySelector("a, button") ?? place.appendChild(newLink(line.href));
  setText(link, line.text);
  setState(link, "aria-busy", line.isBusy);
}

/** @param {string | undefined} href */
function newLink(href) {
  if (href === undefined) return make("button", { type: "button" });
  return make("a", { href, rel: "nofollow" });
}

/**
 * @param {number} count
 * @param {string} kind of replies: "earlier", "more", "new"
 */
const counted = (count, kind) => plural(count, `${kind} reply`, `${kind} replies`);
