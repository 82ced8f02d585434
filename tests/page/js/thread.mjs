/** A thread as the server keeps it, small: changes numbered, snapshots by conversations, a compacted history. */

const byId = (a, b) => a.id - b.id;

export class Thread {
  constructor({ epoch = "e1" } = {}) {
    Object.assign(this, { epoch, seq: 0, policy: "open", policySeq: 0, rows: new Map(), last: 0 });
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

  setPolicy(policy) {
    Object.assign(this, { policy, policySeq: (this.seq += 1) });
    return this.policyFrame(this.seq - 1);
  }

  changed(id) {
    this.rows.get(id).seq = this.seq += 1;
    return { ...this.frame(this.rows.get(id), this.seq - 1), count: this.count };
  }

  get count() {
    return this.visible().length;
  }

  visible() {
    return [...this.rows.values()].filter(({ status }) => status === "visible");
  }

  /** Visible answers; of a root, all that is visible below it. */
  replyCount(id) {
    return this.visible().filter((row) => (this.rows.get(id).root ? row.parent === id : row.root === id)).length;
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
    const { seq, ref, ...row } = this.rows.get(id);
    const reply_count = this.replyCount(id);
    if (row.status === "visible") return { ...row, reply_count };
    return { ...row, user: "", user_id: "", html: "", status: "removed", reply_count };
  }

  standing() {
    return [...this.rows.values()].filter(({ id }) => this.stands(id)).sort(byId);
  }

  roots(sort) {
    const roots = this.standing().filter(({ root }) => !root);
    if (sort === "newest") return roots.reverse();
    if (sort === "top") roots.sort((a, b) => this.replyCount(b.id) - this.replyCount(a.id) || byId(b, a));
    return roots;
  }

  /** As GET …/comments/ answers. A cursor says on which side of which comment to go on. */
  snapshot({ sort = "newest", cursor = null, around = null, limit = 1000, first = 3 } = {}) {
    const roots = this.roots(sort);
    const looked = this.rows.get(around ?? "");
    const page = cut(roots, { cursor, limit, around: looked?.root ?? looked?.id });
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
    const all = this.standing().filter((row) => row.root === root);
    const page = cut(all, how);
    const start = all.indexOf(page.results[0]);
    const earlier = Math.max(0, start);
    const later = all.length - earlier - page.results.length;
    return { ...page, results: page.results.map(({ id }) => this.comment(id)), earlier, later };
  }

  position() {
    return { epoch: this.epoch, seq: this.seq };
  }

  /** As GET …/history/?after= answers. */
  history(after, limit = 1000) {
    const rows = [...this.rows.values()].map((row) => ({ seq: row.seq, frame: (prev) => this.frame(row, prev) }));
    if (this.policySeq) rows.push({ seq: this.policySeq, frame: (prev) => this.policyFrame(prev) });
    const missed = rows.filter(({ seq }) => seq > after).sort((a, b) => a.seq - b.seq);
    const changes = [];
    for (const { frame } of missed.slice(0, limit)) changes.push(frame(changes.at(-1)?.seq ?? after));
    const has_more = missed.length > limit;
    const seq = has_more ? changes.at(-1).seq : this.seq;
    return { epoch: this.epoch, from: after, seq, head: this.seq, count: this.count, has_more, reset: false, changes };
  }
}

/** A page of a list: from the beginning, beyond a cursor on either side, or with one of its rows in the middle. */
function cut(list, { cursor = null, around = null, limit }) {
  let [start, end] = [0, limit];
  if (cursor !== null) {
    const [side, id] = cursor.split(":");
    const place = placeOf(list, id);
    if (side === "next") start = list[place]?.id === id ? place + 1 : place;
    else [start, end] = [Math.max(0, place - limit), place];
    if (side === "next") end = start + limit;
  } else if (around !== null) {
    start = Math.max(0, Math.min(placeOf(list, around), list.length - 1) - Math.floor(limit / 2));
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
function placeOf(list, id) {
  const exact = list.findIndex((row) => row.id === id);
  if (exact >= 0) return exact;
  const isDown = list.length > 1 && byId(list[0], list[1]) > 0;
  const at = list.findIndex((row) => (isDown ? byId(row, { id }) <= 0 : byId(row, { id }) >= 0));
  return at < 0 ? list.length : at;
}

const TIME = "2026-01-02T03:04:05Z";
