import { MAX_COMMENTS, Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";
import { equal, randomOf, test } from "./harness.mjs";
import { Thread } from "./thread.mjs";

/** What a reader sees, as text: ids, versions, order and nesting. */
function seen(store) {
  const line = ({ comment, to, orphan, replies }) => ({
    id: comment.id,
    version: comment.status === "removed" ? null : comment.version,
    status: comment.status,
    html: comment.html,
    to: to?.id ?? null,
    orphan,
    replies: replies.map(line),
  });
  return { seq: store.seq, count: store.count, policy: store.policy, items: arrange(store.comments).map(line) };
}

const pick = (random, list) => list[Math.floor(random() * list.length)];

function anyChange(thread, random) {
  const visible = thread.visible().map(({ id }) => id);
  const hidden = [...thread.rows.keys()].filter((id) => !visible.includes(id));
  const roll = random();
  if (roll < 0.5 || visible.length === 0) {
    return thread.post({ parent: random() < 0.6 && visible.length > 0 ? pick(random, visible) : null });
  }
  if (roll < 0.65) return thread.hide(pick(random, visible));
  if (roll < 0.8 && hidden.length > 0) return thread.restore(pick(random, hidden));
  if (roll < 0.95) return thread.edit(pick(random, visible));
  return thread.setPolicy(thread.policy === "open" ? "closed" : "open");
}

function catchUp(store, thread, limit) {
  for (let asked = 0; store.isBehind() && asked < 1000; asked += 1) {
    store.applyHistory(thread.history(store.seq, limit));
  }
}

test("whatever frames are lost, doubled or reordered, the page ends equal to a fresh snapshot", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = randomOf(seed);
    const thread = new Thread();
    for (let n = 0; n < 10; n += 1) anyChange(thread, random);
    const store = new Store(thread.snapshot());
    let late = [];
    for (let n = 0; n < 40; n += 1) {
      const frame = anyChange(thread, random);
      const fate = random();
      if (fate < 0.2) continue; // lost
      if (fate < 0.4) late.push(frame);
      else if (store.receive(frame) === "gap" && random() < 0.5) catchUp(store, thread, 3);
      if (fate > 0.8) store.receive(frame); // doubled
      if (random() < 0.2) {
        late.reverse().forEach((one) => store.receive(one));
        late = [];
      }
    }
    late.forEach((frame) => store.receive(frame));
    store.hear(thread.epoch, thread.seq);
    catchUp(store, thread, 5);
    const fresh = new Store(thread.snapshot());
    equal(seen(store), seen(fresh), `seed ${seed}:`);
  }
});

test("a frame known already changes nothing", () => {
  const thread = new Thread();
  const frames = [thread.post(), thread.hide("1")];
  const store = new Store(new Thread().snapshot());
  equal(frames.map((frame) => store.receive(frame)), ["applied", "applied"]);
  equal(store.receive(frames[0]), "known");
  equal(arrange(store.comments), []);
});

test("a frame that follows a missed one waits for the history", () => {
  const thread = new Thread();
  const store = new Store(thread.snapshot());
  thread.post();
  equal(store.receive(thread.post()), "gap");
  equal(store.comments.size, 0);
  equal(store.applyHistory(thread.history(0)), "current");
  equal([...store.comments.keys()], ["1", "2"]);
});

test("a snapshot that is older than what was heard of is known to be behind", () => {
  const thread = new Thread();
  const old = thread.snapshot();
  const store = new Store(old);
  store.receive(thread.post());
  store.loadSnapshot(old);
  equal(store.isBehind(), true);
});

test("an answer to a question from further on than an older snapshot leaves no hole", () => {
  const thread = new Thread();
  const old = thread.snapshot();
  const store = new Store(old);
  store.receive(thread.post());
  const { seq } = store;
  thread.post();
  const answer = thread.history(seq);
  store.loadSnapshot(old);
  equal([store.applyHistory(answer), store.seq, store.isBehind()], ["more", 0, true]);
  catchUp(store, thread);
  equal(seen(store), seen(new Store(thread.snapshot())));
});

test("another epoch, or a history that can't tell, means to start again", () => {
  const store = new Store(new Thread().snapshot());
  equal(store.hear("e2", 0), "reset");
  equal(store.applyHistory({ ...new Thread().history(0), reset: true }), "reset");
  equal(store.applyHistory({ ...new Thread().history(0), epoch: "e2" }), "reset");
});

test("an older page does not bring back what was removed since", () => {
  const thread = new Thread();
  for (let n = 0; n < 10; n += 1) thread.post();
  const store = new Store(thread.snapshot({ limit: 3 }));
  const stale = thread.snapshot({ cursor: store.older.cursor, limit: 3 });
  store.receive(thread.hide("6"));
  equal(store.addOlder(stale), 2);
  equal([...store.comments.keys()].sort(), ["10", "5", "7", "8", "9"].sort());
});

test("a removed comment keeps its place only while something answers it", () => {
  const thread = new Thread();
  const store = new Store(thread.snapshot());
  for (const frame of [thread.post(), thread.post({ parent: "1" }), thread.hide("1")]) store.receive(frame);
  equal(seen(store).items.map(({ id, status, replies }) => [id, status, replies.length]), [["1", "removed", 1]]);
  equal([...store.comments.values()].find(({ id }) => id === "1").html, "");
  store.receive(thread.hide("2"));
  equal(seen(store).items, []);
});

test("what came and went while the page was away has its place above what answers it", () => {
  const thread = new Thread();
  const store = new Store(thread.snapshot());
  for (const parent of [null, "1", "2"]) thread.post({ parent });
  for (const id of ["1", "2"]) thread.hide(id);
  thread.edit("3");
  store.applyHistory(thread.history(0));
  equal(seen(store), seen(new Store(thread.snapshot())));
  equal(store.comments.get("2").parent, "1");
});

test("what is older than the page holds leaves no place in it", () => {
  const thread = new Thread();
  for (let n = 0; n < 5; n += 1) thread.post();
  thread.post({ parent: "1" });
  const store = new Store(thread.snapshot({ limit: 2 }));
  store.receive(thread.hide("1"));
  equal(seen(store).items.map(({ id, orphan }) => [id, orphan]), [["6", true], ["5", false]]);
});

test("an older page keeps the place of what was removed since", () => {
  const thread = new Thread();
  for (let n = 0; n < 5; n += 1) thread.post({ parent: n === 1 ? "1" : null });
  const store = new Store(thread.snapshot({ limit: 3 }));
  const stale = thread.snapshot({ cursor: store.older.cursor });
  store.receive(thread.hide("1"));
  store.addOlder(stale);
  equal(seen(store), seen(new Store(thread.snapshot())));
});

test("newest first, replies oldest first on one level, naming whom they answer", () => {
  const thread = new Thread();
  const store = new Store(thread.snapshot());
  const frames = [thread.post(), thread.post(), thread.post({ parent: "1" }), thread.post({ parent: "3" })];
  frames.push(thread.post({ parent: "99" }));
  frames.forEach((frame) => store.receive(frame));
  equal(
    seen(store).items.map(({ id, orphan, replies }) => [id, orphan, replies.map((reply) => [reply.id, reply.to])]),
    [
      ["5", true, []],
      ["2", false, []],
      ["1", false, [["3", null], ["4", "3"]]],
    ],
  );
});

test("the oldest fall off, and come again when asked for", () => {
  const thread = new Thread();
  for (let n = 0; n < MAX_COMMENTS; n += 1) thread.post();
  const store = new Store(thread.snapshot());
  for (let n = 0; n < 20; n += 1) store.receive(thread.post());
  store.trim("oldest");
  equal(store.comments.size, MAX_COMMENTS);
  equal(store.comments.has("20"), false);
  let added = 0;
  for (let pages = 0; added === 0 && pages < 9; pages += 1) {
    added = store.addOlder(thread.snapshot({ cursor: store.older.cursor, limit: 150 }));
  }
  equal(added, 20);
  equal(store.comments.has("1"), true);
});

test("who reads the oldest keeps them: the newest are dropped, and what arrives is counted", () => {
  const thread = new Thread();
  for (let n = 0; n < MAX_COMMENTS + 5; n += 1) thread.post();
  const store = new Store(thread.snapshot());
  store.trim("newest");
  equal([store.detached, store.comments.has("1"), store.comments.has(String(MAX_COMMENTS + 5))], [true, true, false]);
  store.receive(thread.post());
  store.receive(thread.post({ parent: "1" }));
  equal([store.missed, store.comments.size], [1, MAX_COMMENTS + 1]);
});

test("junk from the server is left out, and the rest goes on", () => {
  const thread = new Thread();
  const store = new Store(thread.snapshot());
  store.receive({ type: "message", seq: 1, prev: 0 });
  store.receive({ type: "nothing known", seq: 2, prev: 1 });
  equal([store.seq, store.comments.size, arrange(store.comments)], [2, 0, []]);
  const circle = new Map([["1", { id: "1", parent: "2" }], ["2", { id: "2", parent: "1" }]]);
  arrange(circle);
});
