/** Random lives of a page's store: what comes, what is loaded, what leaves. */

import { orderOf, isWithin } from "../../../comments/static/comments/js/thread/windows.js";
import { arrange, compareAge } from "../../../comments/static/comments/js/thread/tree.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";

export const pick = (random, list) => list[Math.floor(random() * list.length)];
const upTo = (random, most) => 1 + Math.floor(random() * most);

/** A reply answers any comment, however deep it stands and however old it is. */
export function anyChange(thread, random) {
  const visible = thread.visible().map(({ id }) => id);
  const hidden = [...thread.rows.keys()].filter((id) => !visible.includes(id));
  const roll = random();
  if (roll < 0.5 || visible.length === 0) {
    return thread.post({ parent: random() < 0.7 && visible.length > 0 ? pick(random, visible) : null });
  }
  if (roll < 0.68) return thread.hide(pick(random, visible));
  if (roll < 0.8 && hidden.length > 0) return thread.restore(pick(random, hidden));
  if (roll < 0.95) return thread.edit(pick(random, visible));
  return thread.setPolicy(thread.policy === "open" ? "closed" : "open");
}

export function anyPage(thread, random, sort) {
  const around = random() < 0.3 ? String(upTo(random, thread.last)) : null;
  return thread.snapshot({ sort, around, limit: upTo(random, 6), first: upTo(random, 4) });
}

/** @returns {(() => unknown) | null} a page beyond an edge, read now; calling it adds it, whenever that is */
export function anyLoad(store, thread, random) {
  const side = pick(random, ["previous", "next"]);
  const limit = upTo(random, 5);
  const { sort } = store;
  if (random() < 0.5) {
    const edge = store.roots[side];
    if (!edge || (edge.cursor === null && !thread.rows.has(edge.id))) return null;
    const page = thread.snapshot(edge.cursor === null ? { sort, around: edge.id, limit } : { sort, cursor: edge.cursor, limit });
    return () => store.roots[side]?.id === edge.id && store.addRoots(page, side);
  }
  const open = [...store.conversations].filter(([, conversation]) => conversation[side]);
  if (open.length === 0) return null;
  const [root, { [side]: edge }] = pick(random, open);
  const page = edge.cursor === null ? pageAround(thread, sort, edge.id, limit) : thread.replies(root, { cursor: edge.cursor, limit });
  if (!page) return null;
  return () => store.conversations.get(root)?.[side]?.id === edge.id && store.addReplies(page, side);
}

/** What lies around a reply, as the page that is asked for around it has it; null where nothing stands any more. */
function pageAround(thread, sort, id, first) {
  const page = thread.snapshot({ sort, around: id, limit: 1, first });
  if (page.results.length === 0) return null;
  const [{ replies, ...root }] = page.results;
  return { ...replies, epoch: page.epoch, seq: page.seq, root: root.id, reply_count: root.reply_count };
}

/** What a reader sees, a line for each comment: nesting, ids, versions, what is answered, numbers. */
export function seen(store) {
  const line = ({ comment, to, orphan, earlier, later, replies, after }, depth) => {
    const face = comment.status === "removed" ? "removed" : comment.html;
    const place = `${"  ".repeat(depth)}${comment.id} ${face}${to ? ` to ${to.id}` : ""}${orphan ? " orphan" : ""}`;
    return [
      `${place}, ${comment.reply_count} replies, ${earlier + later} hidden`,
      ...replies.flatMap((reply) => line(reply, depth + 1)),
      ...after.flatMap((reply) => line(reply, depth + 2)),
    ];
  };
  const { seq, count, policy } = store;
  return [`${seq} ${count} ${policy}`, ...arrange(store).flatMap((item) => line(item, 0))];
}

/** A store that holds, of a fresh snapshot, the windows of another. */
export function freshFor(store, thread) {
  const { sort, roots } = store;
  const page = thread.snapshot({ sort, first: 1000 });
  const order = orderOf(sort);
  const results = page.results.filter(({ id }) => (order ? isWithin(id, roots, order) : store.conversations.has(id)));
  if (!order) results.sort((a, b) => roots.ids.indexOf(a.id) - roots.ids.indexOf(b.id));
  for (const { id, replies } of results) {
    const window = store.conversations.get(id) ?? { previous: null, next: null };
    replies.results = replies.results.filter((reply) => isWithin(reply.id, window, compareAge));
    Object.assign(replies, { previous: window.previous && "", next: window.next && "" });
  }
  return new Store({ ...page, results });
}
