import { Counts } from "../../../comments/static/comments/js/thread/counts.js";
import { equal, randomOf, test } from "./harness.mjs";

/** The reactions of a thread as the server has them. */
class Reacted {
  seq = 0;
  rows = new Map(); // counts and number by comment

  react(id, random) {
    this.seq += 1;
    this.rows.set(id, { id, counts: { "👍": Math.floor(random() * 9) }, reaction_seq: this.seq });
  }

  /** What changed after a number, as the history and a hub find it: of each comment the last, in order. */
  after(seq, most = Infinity) {
    const rows = [...this.rows.values()].filter((row) => row.reaction_seq > seq);
    const some = rows.sort((a, b) => a.reaction_seq - b.reaction_seq).slice(0, most);
    return { reactions: some, reaction_seq: some.length < rows.length ? some.at(-1).reaction_seq : this.seq };
  }
}

const comment = (id) => ({ id, reactions: {}, reaction_seq: 0 });

/** Connections that come and go, frames of a hub, pages and answers that are late; then all is quiet. */
function live(seed) {
  const random = randomOf(seed);
  const ids = ["1", "2", "3"];
  const server = new Reacted();
  const counts = new Counts();
  let hub = 0; // what this connection was told
  const late = [];
  const tell = () => {
    const { reactions, reaction_seq } = server.after(hub);
    hub = reaction_seq;
    return reactions;
  };
  counts.begin(server.seq);
  for (let n = 0; n < 60; n += 1) {
    server.react(ids[Math.floor(random() * 3)], random);
    const fate = random();
    if (fate < 0.4) tell().forEach((frame) => counts.receive(frame));
    else if (fate < 0.6) {
      tell(); // what was on its way is lost with the connection, and a new one begins
      counts.hear(hub);
    } else if (fate < 0.8) {
      const answer = server.after(counts.seq, 2);
      late.push(() => counts.catchUp(answer));
    } else late.splice(0).forEach((arrive) => arrive());
  }
  late.forEach((arrive) => arrive());
  tell();
  counts.hear(hub);
  for (let asked = 0; counts.isBehind && asked < 100; asked += 1) counts.catchUp(server.after(counts.seq, 2));
  return { server, counts, ids };
}

test("whatever is lost and late, the counts end as the server has them", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { server, counts, ids } = live(seed);
    equal([counts.seq, counts.isBehind], [server.seq, false]);
    for (const id of ids) {
      const { counts: right = {} } = server.rows.get(id) ?? {};
      equal(counts.on(comment(id)).reactions, right);
    }
  }
});

test("of two counts of a comment the one with the larger number is shown", () => {
  const counts = new Counts();
  counts.begin(5);
  counts.receive({ id: "1", counts: { "👍": 2 }, reaction_seq: 7 });
  counts.receive({ id: "1", counts: { "👍": 9 }, reaction_seq: 6 });
  equal(counts.on({ id: "1", reactions: { "👍": 1 }, reaction_seq: 4 }).reactions, { "👍": 2 });
  equal(counts.on({ id: "1", reactions: { "👍": 3 }, reaction_seq: 8 }).reactions, { "👍": 3 });
  equal(counts.on({ id: "2", reactions: {}, reaction_seq: 0 }).reactions, {});
});

test("counts that came while a snapshot was on its way are not forgotten with it", () => {
  const counts = new Counts();
  counts.begin(5);
  counts.receive({ id: "1", counts: { "👍": 1 }, reaction_seq: 6 });
  counts.receive({ id: "1", counts: { "👍": 2 }, reaction_seq: 7 });
  counts.begin(6, true);
  equal([counts.isBehind, counts.on({ id: "1", reactions: { "👍": 1 }, reaction_seq: 6 }).reactions], [true, { "👍": 2 }]);
  equal([counts.reaches(5), counts.reaches(6), counts.reaches()], [false, true, true]);
  counts.begin(0, false);
  equal([counts.isBehind, counts.on({ id: "1", reactions: {}, reaction_seq: 0 }).reactions], [false, {}]);
});

test("live counts do not hide that earlier ones are still to come", () => {
  const counts = new Counts();
  counts.begin(5);
  counts.hear(7);
  counts.receive({ id: "1", counts: { "👍": 1 }, reaction_seq: 8 });
  equal([counts.isBehind, counts.seq], [true, 5]);
  counts.catchUp({ reaction_seq: 8, reactions: [] });
  equal([counts.isBehind, counts.seq], [false, 8]);
  counts.receive({ id: "1", counts: { "👍": 2 }, reaction_seq: 9 });
  equal(counts.seq, 9);
});
