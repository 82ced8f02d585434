/** For tests/page/test_drawing.py: the list that grew by any changes is the list that is drawn from scratch. */

import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";
import { View } from "../../../comments/static/comments/js/page/view.js";
import { randomOf } from "./harness.mjs";
import { Thread } from "./thread.mjs";

const HOW = { mayReply: true, self: null, stateOf: () => "", retryable: () => false };

/**
 * @param {{html: string, from: number, to: number}} play a page without comments as the server renders it, and the seeds
 * @returns {string[]} what was drawn otherwise than from scratch, or threw
 */
export function play({ html, from, to }) {
  const failures = [];
  for (let seed = from; seed < to; seed += 1) {
    try {
      live(html, randomOf(seed));
    } catch (error) {
      failures.push(`seed ${seed}: ${error.stack ?? error}`);
    }
  }
  return failures;
}

/** One page's life: a snapshot, then changes, older pages and trims in any order. */
function live(html, random) {
  const thread = new Thread();
  for (let n = 0; n < 4 + random() * 16; n += 1) change(thread, random);
  const store = new Store(thread.snapshot({ limit: 1 + Math.floor(random() * 8) }));
  const view = newView(html);
  view.render(arrange(store.comments), HOW);
  for (let n = 0; n < 12; n += 1) {
    act(store, thread, random);
    view.render(arrange(store.comments), HOW);
    const [drawn, scratch] = [outline(view), outlineOf(store, html)];
    if (drawn !== scratch) throw new Error(`after ${n + 1}:\n${drawn}\ninstead of\n${scratch}`);
  }
}

function act(store, thread, random) {
  const roll = random();
  if (roll < 0.55) store.receive(change(thread, random));
  else if (roll < 0.85 && store.older) store.addOlder(thread.snapshot({ ...store.older, limit: 1 + Math.floor(random() * 6) }));
  else store.trim(random() < 0.5 ? "oldest" : "newest", 1 + Math.floor(random() * 12));
}

/** A reply answers any comment, however deep it stands and however old it is. */
function change(thread, random) {
  const visible = thread.visible().map(({ id }) => id);
  const hidden = [...thread.rows.keys()].filter((id) => !visible.includes(id));
  const any = (list) => list[Math.floor(random() * list.length)];
  const roll = random();
  if (roll < 0.6 || visible.length === 0) {
    return thread.post({ parent: random() < 0.7 && visible.length > 0 ? any(visible) : null });
  }
  if (roll < 0.75) return thread.hide(any(visible));
  if (roll < 0.85 && hidden.length > 0) return thread.restore(any(hidden));
  return thread.edit(any(visible));
}

/** @returns {HTMLElement} */
const sectionOf = (html) => document.importNode(new DOMParser().parseFromString(html, "text/html").querySelector("#comments"), true);

function newView(html) {
  document.body.replaceChildren(sectionOf(html));
  return new View(document.querySelector("#comments"));
}

function outlineOf(store, html) {
  const view = new View(sectionOf(html));
  view.render(arrange(store.comments), HOW);
  return outline(view);
}

/** All that the list shows, but for what is about to leave and for what only says that it is new. */
function outline({ list }) {
  const copy = list.cloneNode(true);
  for (const leaving of copy.querySelectorAll(".is-leaving")) leaving.remove();
  for (const replies of copy.querySelectorAll(".comment-replies:empty")) replies.remove();
  for (const article of copy.querySelectorAll(".comment")) article.classList.remove("is-new", "is-seen");
  return copy.outerHTML.replace(/\s+/g, " ");
}
