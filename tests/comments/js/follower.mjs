/** The page's store for tests/comments/test_any_delivery.py, one at a time. */

import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";

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
export function hear({ epoch, seq }) {
  return store.hear(epoch, seq) === "behind";
}

export function shown() {
  return picture(store);
}

export function fresh(page) {
  return picture(new Store(page));
}

/** All that a reader sees of a thread. */
function picture({ comments, count, policy, seq }) {
  return { count, policy, seq, list: arrange(comments).map(itemPicture) };
}

function itemPicture({ key, comment, to, orphan, replies }) {
  const { seq, ref, ...fields } = comment;
  // Of a removed comment, the page shows its place alone.
  const face = fields.status === "removed" ? { id: fields.id, status: fields.status } : fields;
  return { key, face, to: to?.id ?? null, orphan, replies: replies.map(itemPicture) };
}
