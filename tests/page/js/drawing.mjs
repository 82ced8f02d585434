/** For tests/page/test_drawing.py: the list that grew by any changes is the list that is drawn from scratch. */

import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";
import { View } from "../../../comments/static/comments/js/page/view.js";
import { randomOf } from "./harness.mjs";
import { Thread } from "./thread.mjs";
import { anyChange, anyLoad, anyPage, pick } from "./windows.mjs";

const HOW = {
  mayReply: true,
  self: null,
  stateOf: () => "",
  retryable: () => false,
  isNew: () => true,
  foldedIn: () => 0,
  stateOfMore: () => "ready",
};

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

/** One page's life: a part of the thread, then changes, more pages on every side and trims in any order. */
function live(html, random) {
  const thread = new Thread();
  for (let n = 0; n < 4 + random() * 20; n += 1) anyChange(thread, random);
  const store = new Store(anyPage(thread, random, pick(random, ["newest", "oldest", "top"])));
  store.keeps = () => random() < 0.2;
  const view = newView(html);
  view.render(arrange(store), HOW);
  for (let n = 0; n < 16; n += 1) {
    act(store, thread, random);
    view.render(arrange(store), HOW);
    const [drawn, scratch] = [outline(view), outlineOf(store, html)];
    if (drawn !== scratch) throw new Error(`after ${n + 1}:\n${drawn}\ninstead of\n${scratch}`);
  }
}

function act(store, thread, random) {
  const roll = random();
  if (roll < 0.5) store.receive(anyChange(thread, random));
  else if (roll < 0.85) anyLoad(store, thread, random)?.();
  else if (roll < 0.95) store.trim(pick(random, [null, ...store.comments.keys()]), 1 + Math.floor(random() * 12));
  else store.loadSnapshot(anyPage(thread, random, store.sort));
}

/** @returns {HTMLElement} */
const sectionOf = (html) => document.importNode(new DOMParser().parseFromString(html, "text/html").querySelector("#comments"), true);

function newView(html) {
  document.body.replaceChildren(sectionOf(html));
  return new View(document.querySelector("#comments"));
}

function outlineOf(store, html) {
  const view = new View(sectionOf(html));
  view.render(arrange(store), HOW);
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
