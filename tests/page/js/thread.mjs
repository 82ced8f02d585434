/** A thread as the server keeps it, small: changes numbered, snapshots, a compacted history. */

export class Thread {
  constructor({ epoch = "e1" } = {}) {
    Object.assign(this, { epoch, seq: 0, policy: "open", policySeq: 0, rows: new Map(), last: 0 });
  }

  post({ parent = null, ref } = {}) {
    const id = String((this.last += 1));
    const row = { id, user: `user ${id}`, user_id: "u1", html: `<p>${id}</p>`, timestamp: TIME, parent, version: 1 };
    this.rows.set(id, { ...row, status: "visible", ref });
    return this.changed(id);
  }

  hide(id) {
    this.rows.get(id).status = "hidden";
    return this.changed(id);
  }

  restore(id) {
    this.rows.get(id).status = "visible";
    // A removed comment that nothing visible answered until now has its place again.
    const { parent } = this.rows.get(id);
    const answers = this.visible().filter((row) => row.parent === parent);
    if (parent && this.rows.get(parent).status !== "visible" && answers.length === 1) this.changed(parent);
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

  frame({ seq, status, ...row }, prev) {
    if (status === "visible") return { type: "message", ...row, status, seq, prev };
    return { type: "removed", id: row.id, parent: row.parent, reason: status, seq, prev };
  }

  policyFrame(prev) {
    return { type: "thread", policy: this.policy, count: this.count, seq: this.policySeq, prev };
  }

  /** As GET …/comments/?sort=newest answers; a cursor is the id to go on before. */
  snapshot({ cursor = null, limit = 1000 } = {}) {
    const answered = new Set(this.visible().map(({ parent }) => parent));
    const standing = [...this.rows.values()]
      .filter(({ id, status }) => status === "visible" || answered.has(id))
      .filter(({ id }) => cursor === null || Number(id) < Number(cursor))
      .sort((a, b) => b.id - a.id);
    const page = standing.slice(0, limit);
    const next = standing.length > limit ? page.at(-1).id : null;
    const comments = page.map(({ seq, ref, ...row }) =>
      row.status === "visible" ? row : { ...row, user: "", user_id: "", html: "", status: "removed" },
    );
    const { epoch, seq, count, policy } = this;
    return { epoch, seq, count, policy, next, comments };
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

const TIME = "2026-01-02T03:04:05Z";
