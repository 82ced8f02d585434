/** The page's store for tests/comments/test_any_delivery.py, one at a time. */

import { shownOf } from "../../../comments/static/comments/js/thread/digest.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";
import { freshFor } from "../../page/js/windows.mjs";

let store;

export function begin(page) {
  store = new Store(page);
}

export function position() {
  return store.seq;
}

export function receive(frame) {
  store.receive(frame);
}

export function take(history) {
  store.applyHistory(history);
}

/** @returns {boolean} whether the page would ask for the history */
export function hear({ epoch, seq, reaction_seq }) {
  return store.hear(epoch, seq, reaction_seq) === "behind";
}

export function reactions() {
  return store.counts.seq;
}

export function react(frame) {
  store.react(frame);
}

/** What the page would ask to have it verified. */
export function asked() {
  return shownOf(store);
}

export function shown() {
  return picture(store);
}

/** What the same windows hold of a snapshot of all that there is. */
export function fresh(whole) {
  return picture(freshFor(store, { snapshot: () => whole }));
}

/** All that a reader sees of a thread. */
function picture(of) {
  const { count, policy, seq } = of;
  return { count, policy, seq, list: arrange(of).map(itemPicture) };
}

function itemPicture({ key, comment, to, orphan, earlier, later, replies, after }) {
  const { seq, counted, ref, ...fields } = comment;
  // Of a removed comment, the page shows its place and what is below it.
  const { id, status, reply_count } = fields;
  const face = status === "removed" ? { id, status, reply_count } : fields;
  const below = [replies, after].map((items) => items.map(itemPicture));
  return { key, face, to: to?.id ?? null, orphan, hidden: earlier + later, below };
}
