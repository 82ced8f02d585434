/** A thread as the server keeps it, small: changes numbered, snapshots by conversations, a compacted history. */

const byId = (a, b) => a.id - b.id;

export class Thread {
  #lists = null; // made from the rows where they are asked for, and void with the next change

  constructor({ epoch = "e1" } = {}) {
    Object.assign(this, { epoch, seq: 0, policy: "open", policySeq: 0, rows: new Map(), last: 0, reactionSeq: 0 });
  }

  post({ parent = null, ref, user_id = "u1" } = {}) {
    const id = String((this.last += 1));
    const root = parent && (this.rows.get(parent)?.root ?? parent);
    const row = { id, user: `user ${id}`, user_id, html: `<p>${id}</p>`, timestamp: TIME, root, parent, version: 1 };
    this.rows.set(id, { ...row, status: "visible", ref });
    return this.changed(id);
  }

  hide(id) {
    this.rows.get(id).status = "hidden";
    return this.changed(id);
  }

  /** What was removed above it, and stands again because of it, is a change of its own before. */
  restore(id) {
    const row = this.rows.get(id);
    const fell = [row.parent].filter((above) => above && this.rows.get(above).status !== "visible" && !this.stands(above));
    row.status = "visible";
    for (const above of fell) this.changed(above);
    return this.changed(id);
  }

  edit(id) {
    const row = this.rows.get(id);
    row.version += 1;
    row.html = `<p>${id}, version ${row.version}</p>`;
    return this.changed(id);
  }

  /** One person more, or less, reacts to a visible comment. */
  react(id, emoji, by = 1) {
    const row = this.rows.get(id);
    const { [emoji]: before = 0, ...others } = row.reactions ?? {};
    const count = Math.max(0, before + by);
    row.reactions = count > 0 ? { ...others, [emoji]: count } : others;
    row.reaction_seq = this.reactionSeq += 1;
  }

  /** The counts that changed after a number, as the history and a hub find them. */
  reactionsAfter(after, most = 1000) {
    const changed = [...this.rows.values()].filter(({ reaction_seq = 0 }) => reaction_seq > after);
    const some = changed.sort((a, b) => a.reaction_seq - b.reaction_seq).slice(0, most);
    const visible = some.filter(({ status }) => status === "visible");
    const reactions = visible.map(({ id, reactions: counts, reaction_seq }) => ({ type: "reaction", id, counts, reaction_seq }));
    return { reactions, reaction_seq: some.length < changed.length ? some.at(-1).reaction_seq : this.reactionSeq };
  }

  setPolicy(policy) {
    Object.assign(this, { policy, policySeq: (this.seq += 1) });
    return this.policyFrame(this.seq - 1);
  }

  changed(id) {
    this.#lists = null;
    this.rows.get(id).seq = this.seq += 1;
    this.rows.get(id).first_seq ??= this.seq;
    return { ...this.frame(this.rows.get(id), this.seq - 1), count: this.count };
  }

  get count() {
    return this.visible().length;
  }

  visible() {
    return this.lists.visible;
  }

  /** Visible answers; of a root, all that is visible below it. */
  replyCount(id) {
    return this.lists.replies.get(id) ?? 0;
  }

  get lists() {
    this.#lists ??= listsOf([...this.rows.values()]);
    return this.#lists;
  }

  stands(id) {
    return this.rows.get(id).status === "visible" || this.replyCount(id) > 0;
  }

  frame({ seq, status, ...row }, prev) {
    const root = row.root ?? row.id;
    const counts = {
      reply_count: this.replyCount(row.id),
      root_reply_count: this.replyCount(root),
      parent_reply_count: row.parent && this.replyCount(row.parent),
    };
    if (status === "visible") return { type: "message", ...row, ...counts, root, status, seq, prev };
    return { type: "removed", id: row.id, root, parent: row.parent, reason: status, ...counts, seq, prev };
  }

  policyFrame(prev) {
    return { type: "thread", policy: this.policy, count: this.count, seq: this.policySeq, prev };
  }

  comment(id) {
    const { seq, first_seq, ref, ...row } = this.rows.get(id);
    const reply_count = this.replyCount(id);
    if (row.status === "visible") return { ...row, reply_count };
    return { ...row, user: "", user_id: "", html: "", status: "removed", reactions: {}, reaction_seq: 0, reply_count };
  }

  roots(sort) {
    const roots = [...(this.lists.standing.get(null) ?? [])];
    if (sort === "newest") return roots.reverse();
    const replies = (row) => this.replyCount(row.id);
    if (sort === "top") roots.sort((a, b) => reactionsTo(b) - reactionsTo(a) || replies(b) - replies(a) || byId(b, a));
    return roots;
  }

  /** As GET …/comments/ answers. A cursor says on which side of which comment to go on. */
  snapshot({ sort = "newest", cursor = null, around = null, limit = 1000, first = 3 } = {}) {
    const roots = this.roots(sort);
    const looked = this.rows.get(around ?? "");
    const page = cut(roots, { cursor, limit, around: looked?.root ?? looked?.id, isDown: sort === "newest" });
    const state = looked ? (looked.status === "visible" ? "here" : "removed") : "unknown";
    return {
      ...this.position(),
      count: this.count,
      policy: this.policy,
      sort,
      around: around && { id: around, state },
      ...page,
      results: page.results.map(({ id }) => ({
        ...this.comment(id),
        replies: this.cutReplies(id, looked?.root === id ? { around, limit: first } : { limit: first }),
      })),
    };
  }

  /** As GET …/comments/<id>/replies/ answers. */
  replies(id, { cursor = null, limit = 1000 } = {}) {
    const root = this.rows.get(id).root ?? id;
    return { ...this.position(), root, reply_count: this.replyCount(root), ...this.cutReplies(root, { cursor, limit }) };
  }

  cutReplies(root, how) {
    const all = this.lists.standing.get(root) ?? [];
    const page = cut(all, how);
    const start = all.indexOf(page.results[0]);
    const earlier = Math.max(0, start);
    const later = all.length - earlier - page.results.length;
    return { ...page, results: page.results.map(({ id }) => this.comment(id)), earlier, later };
  }

  position() {
    return { epoch: this.epoch, seq: this.seq, reaction_seq: this.reactionSeq };
  }

  /** As GET …/history/?after= answers; with the counts that changed after a number, if one is given. */
  history(after, limit = 1000, reactionsAfter = null) {
    const rows = [...this.rows.values()].map((row) => ({ seq: row.seq, frame: (prev) => this.frame(row, prev) }));
    if (this.policySeq) rows.push({ seq: this.policySeq, frame: (prev) => this.policyFrame(prev) });
    const missed = rows.filter(({ seq }) => seq > after).sort((a, b) => a.seq - b.seq);
    const changes = [];
    for (const { frame } of missed.slice(0, limit)) changes.push(frame(changes.at(-1)?.seq ?? after));
    const has_more = missed.length > limit;
    const seq = has_more ? changes.at(-1).seq : this.seq;
    const counts = reactionsAfter === null ? {} : this.reactionsAfter(reactionsAfter, limit);
    return { epoch: this.epoch, from: after, seq, head: this.seq, count: this.count, has_more, reset: false, changes, ...counts };
  }
}

const reactionsTo = ({ reactions = {} }) => Object.values(reactions).reduce((sum, count) => sum + count, 0);

/** What is visible, how much answers each, and what stands in each list: of the roots (null), and below each root. */
function listsOf(rows) {
  const visible = rows.filter(({ status }) => status === "visible");
  const replies = new Map();
  const add = (id) => replies.set(id, (replies.get(id) ?? 0) + 1);
  for (const { root, parent } of visible) {
    if (root) add(root);
    if (parent && parent !== root) add(parent);
  }
  const standing = new Map();
  for (const row of rows.filter(({ id, status }) => status === "visible" || replies.has(id)).sort(byId)) {
    const list = standing.get(row.root ?? null) ?? [];
    list.push(row);
    standing.set(row.root ?? null, list);
  }
  return { visible, replies, standing };
}

/** A page of a list: from the beginning, beyond a cursor on either side, or with one of its rows in the middle. */
function cut(list, { cursor = null, around = null, limit, isDown = false }) {
  let [start, end] = [0, limit];
  if (cursor !== null) {
    const [side, id] = cursor.split(":");
    const place = placeOf(list, id, isDown);
    if (side === "next") start = list[place]?.id === id ? place + 1 : place;
    else [start, end] = [Math.max(0, place - limit), place];
    if (side === "next") end = start + limit;
  } else if (around !== null) {
    start = Math.max(0, Math.min(placeOf(list, around, isDown), list.length - 1) - Math.floor(limit / 2));
    end = start + limit;
  }
  const results = list.slice(start, end);
  return {
    results,
    previous: start > 0 ? `previous:${results[0]?.id ?? list.at(-1).id}` : null,
    next: end < list.length ? `next:${results.at(-1)?.id ?? list[0].id}` : null,
  };
}

/** Where a row stands. One that is gone has its place between its neighbours, in a list by age. */
function placeOf(list, id, isDown) {
  const exact = list.findIndex((row) => row.id === id);
  if (exact >= 0) return exact;
  const at = list.findIndex((row) => (isDown ? byId(row, { id }) <= 0 : byId(row, { id }) >= 0));
  return at < 0 ? list.length : at;
}

const TIME = "2026-01-02T03:04:05Z";
