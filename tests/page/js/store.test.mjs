import { MAX_COMMENTS, Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";
import { equal, randomOf, test } from "./harness.mjs";
import { Thread } from "./thread.mjs";
import { anyChange, anyLoad, anyPage, freshFor, pick, seen } from "./windows.mjs";

function catchUp(store, thread, limit) {
  for (let asked = 0; store.isBehind() && asked < 1000; asked += 1) {
    store.applyHistory(thread.history(store.seq, limit));
  }
}

/** Frames that are lost, doubled and late, pages that are late, and trims; then all is quiet. */
function live(seed, sort) {
  const random = randomOf(seed);
  const thread = new Thread();
  for (let n = 0; n < 20; n += 1) anyChange(thread, random);
  const store = new Store(anyPage(thread, random, sort));
  const pages = [];
  let late = [];
  for (let n = 0; n < 40; n += 1) {
    const load = random() < 0.3 && anyLoad(store, thread, random);
    if (load) pages.push(load);
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
    if (random() < 0.4) pages.splice(0).forEach((add) => add());
    if (random() < 0.15) store.trim(pick(random, [null, ...store.comments.keys()]), 3 + Math.floor(random() * 8));
  }
  [...late.map((frame) => () => store.receive(frame)), ...pages].forEach((action) => action());
  store.hear(thread.epoch, thread.seq);
  catchUp(store, thread, 5);
  return { store, thread };
}

for (const sort of ["newest", "oldest", "top"]) {
  test(`whatever is lost, doubled, late or dropped, each window ends equal to a fresh snapshot: ${sort}`, () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const { store, thread } = live(seed, sort);
      equal(seen(store), seen(freshFor(store, thread)), `seed ${seed}:`);
    }
  });
}

test("what was dropped or never loaded is all found again, on every side", () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const { store, thread } = live(seed, seed % 2 ? "newest" : "oldest");
    for (let asked = 0; asked < 400; asked += 1) anyLoad(store, thread, randomOf(seed * 1000 + asked))?.();
    equal(seen(store), seen(new Store(thread.snapshot({ sort: store.sort, first: 1000 }))), `seed ${seed}:`);
  }
});

test("a frame known already changes nothing", () => {
  const thread = new Thread();
  const frames = [thread.post(), thread.hide("1")];
  const store = new Store(new Thread().snapshot());
  equal(frames.map((frame) => store.receive(frame)), ["applied", "applied"]);
  equal(store.receive(frames[0]), "known");
  equal(arrange(store), []);
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

const ids = (items) => items.map(({ comment }) => comment.id);

test("a page that was read earlier does not bring back what was removed since, and has what was edited", () => {
  const thread = new Thread();
  for (let n = 0; n < 10; n += 1) thread.post();
  const store = new Store(thread.snapshot({ limit: 3 }));
  const stale = thread.snapshot({ cursor: store.roots.next.cursor, limit: 3 });
  for (const frame of [thread.hide("6"), thread.edit("5")]) store.receive(frame);
  store.addRoots(stale, "next");
  equal(ids(arrange(store)), ["10", "9", "8", "7", "5"]);
  equal(store.comments.get("5").version, 2);
});

test("a page of another numbering, or from before what is remembered, is not used", () => {
  const thread = new Thread();
  for (let n = 0; n < 5; n += 1) thread.post();
  const store = new Store(thread.snapshot({ limit: 2 }));
  const { cursor } = store.roots.next;
  equal(store.addRoots({ ...thread.snapshot({ cursor }), epoch: "e2" }, "next"), null);
  const stale = thread.snapshot({ cursor });
  for (let n = 0; n < 600; n += 1) store.receive(thread.edit("1"));
  equal([store.addRoots(stale, "next"), store.addRoots(thread.snapshot({ cursor }), "next")], [null, 3]);
});

test("a removed comment keeps its place only while something answers it", () => {
  const thread = new Thread();
  const store = new Store(thread.snapshot());
  for (const frame of [thread.post(), thread.post({ parent: "1" }), thread.hide("1")]) store.receive(frame);
  equal(seen(store).slice(1), ["1 removed, 1 replies, 0 hidden", "  2 <p>2</p>, 0 replies, 0 hidden"]);
  equal(store.comments.get("1").html, "");
  store.receive(thread.hide("2"));
  equal(arrange(store), []);
});

test("what is answered only by replies that are not loaded stands, and goes with them", () => {
  const thread = new Thread();
  for (const parent of [null, "1", "1", "2"]) thread.post({ parent });
  const store = new Store(thread.snapshot({ first: 2 }));
  store.receive(thread.hide("2"));
  equal(seen(store)[2], "  2 removed, 1 replies, 0 hidden");
  store.receive(thread.hide("4"));
  equal(seen(store).length, 3);
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

test("three levels deep, replies oldest first, deeper answers beside what they answer and naming it", () => {
  const thread = new Thread();
  for (const parent of [null, null, "1", "3", "4", "1", "5", "3"]) thread.post({ parent });
  const [, one] = arrange(new Store(thread.snapshot({ first: 9 })));
  const lines = (items) => items.map(({ comment, to, replies }) => [comment.id, to?.id ?? null, lines(replies)]);
  const deep = [["4", null, []], ["5", "4", []], ["7", "5", []], ["8", null, []]];
  equal(lines([one]), [["1", null, [["3", null, deep], ["6", null, []]]]]);
});

test("a reply whose parent is not loaded stands beneath the root", () => {
  const thread = new Thread();
  for (const parent of [null, "1", "2", "3", "1"]) thread.post({ parent });
  const [root] = arrange(new Store(thread.snapshot({ around: "4", first: 2 })));
  equal(root.replies.map(({ comment, orphan }) => [comment.id, orphan]), [["3", true]]);
  equal([root.replies[0].replies[0].comment.id, root.earlier, root.later], ["4", 1, 1]);
});

test("replies beyond the window are counted, whatever becomes of them", () => {
  const thread = new Thread();
  thread.post();
  for (let n = 0; n < 5; n += 1) thread.post({ parent: "1" });
  const store = new Store(thread.snapshot());
  const later = () => arrange(store)[0].later;
  equal(later(), 2);
  store.receive(thread.post({ parent: "1" }));
  store.receive(thread.post({ parent: "6" }));
  equal([later(), store.comments.size], [4, 4]);
  store.receive(thread.hide("6"));
  equal(later(), 3);
});

test("own comments are kept where their windows do not reach, and replies stand behind what is not loaded", () => {
  const thread = new Thread();
  for (let n = 0; n < 5; n += 1) thread.post({ parent: n > 0 ? "1" : null });
  const store = new Store(thread.snapshot({ sort: "oldest", limit: 1 }));
  store.keeps = ({ user_id }) => user_id === "me";
  for (const parent of ["1", "5", null]) store.receive(thread.post({ parent, user_id: "me" }));
  const [mine, root] = arrange(store);
  equal([mine.comment.id, root.comment.id, ids(root.replies), ids(root.after)], ["8", "1", ["2", "3", "4"], ["6", "7"]]);
  equal(root.later, 1);
});

test("an own reply to a conversation that is not here stands on top, until that conversation is", () => {
  const thread = new Thread();
  for (let n = 0; n < 3; n += 1) thread.post();
  const store = new Store(thread.snapshot({ limit: 1 }));
  store.keeps = () => true;
  store.receive(thread.post({ parent: "1" }));
  equal(seen(store).slice(1), ["4 <p>4</p> orphan, 0 replies, 0 hidden", "3 <p>3</p>, 0 replies, 0 hidden"]);
  store.addRoots(thread.snapshot({ cursor: store.roots.next.cursor }), "next");
  equal([ids(arrange(store)), ids(arrange(store)[2].replies)], [["3", "2", "1"], ["4"]]);
});

test("among the top ones, what is restored stands where its numbers say", () => {
  const thread = new Thread();
  for (const reactions of [3, 0, 2, 1]) {
    const { id } = thread.post();
    if (reactions) thread.react(id, "👍", reactions);
  }
  const [silent, ...rest] = ["2", "3", "4"];
  [silent, ...rest].forEach((id) => thread.hide(id));
  const store = new Store(thread.snapshot({ sort: "top" }));
  for (const id of ["4", "3", "2"]) store.receive(thread.restore(id));
  equal(store.roots.ids, ["1", "3", "4", "2"]);
  const part = new Store({ ...thread.snapshot({ sort: "top", limit: 2 }) });
  thread.edit("2");
  part.applyHistory(thread.history(part.seq));
  equal([part.roots.ids, part.missed.size], [["1", "3"], 0]); // it stands beyond the edge
});

test("a comment of which the page had never heard is new only if it was written since", () => {
  const thread = new Thread();
  for (let n = 0; n < 3; n += 1) thread.post();
  const store = new Store(thread.snapshot({ sort: "top", around: "1", limit: 1 }));
  thread.post({ parent: "3" });
  store.receive(thread.edit("2"));
  store.applyHistory(thread.history(store.seq));
  equal([[...store.arrived], [...store.missed]], [[], []]);
  store.receive(thread.post());
  equal([...store.arrived, ...store.missed], ["5"]);
});

test("conversations at the far end fall off, and come again when asked for", () => {
  const thread = new Thread();
  for (let n = 0; n < MAX_COMMENTS; n += 1) thread.post();
  const store = new Store(thread.snapshot());
  for (let n = 0; n < 20; n += 1) store.receive(thread.post());
  store.trim(null);
  equal([store.comments.size, store.comments.has("20"), store.roots.next], [MAX_COMMENTS, false, { cursor: null, id: "21" }]);
  equal(store.addRoots(thread.snapshot({ around: "21", limit: 50 }), "next"), 20);
});

test("who reads the oldest keeps them: the newest are dropped, and what arrives is counted", () => {
  const thread = new Thread();
  for (let n = 0; n < MAX_COMMENTS + 5; n += 1) thread.post();
  const store = new Store(thread.snapshot());
  store.trim("1");
  equal([store.roots.previous.id, store.comments.has("1")], [String(MAX_COMMENTS), true]);
  const frame = thread.post();
  store.receive(frame);
  store.receive(thread.post({ parent: "1" }));
  equal([[...store.missed], store.comments.size], [[frame.id], MAX_COMMENTS + 1]);
  store.receive(thread.hide(frame.id));
  equal(store.missed.size, 0);
});

test("of one giant conversation, what is far from what is read falls off", () => {
  const thread = new Thread();
  thread.post();
  for (let n = 0; n < 40; n += 1) thread.post({ parent: "1" });
  const store = new Store(thread.snapshot({ first: 40 }));
  store.trim("20", 11);
  const [root] = arrange(store);
  equal([ids(root.replies)[0], ids(root.replies).at(-1), root.earlier, root.later], ["15", "24", 13, 17]);
});

test("junk from the server is left out, and the rest goes on", () => {
  const thread = new Thread();
  const store = new Store(thread.snapshot());
  store.receive({ type: "message", seq: 1, prev: 0 });
  store.receive({ type: "nothing known", seq: 2, prev: 1 });
  equal([store.seq, arrange(store)], [2, []]);
  const circle = { type: "message", user: "x", html: "", timestamp: "x", status: "visible" };
  store.receive({ ...circle, id: "8", root: "9", parent: "9", seq: 3, prev: 2 });
  store.receive({ ...circle, id: "9", root: "8", parent: "8", seq: 4, prev: 3 });
  arrange(store);
});

test("a new conversation beyond the window is missed until it is loaded", () => {
  const thread = new Thread();
  for (let n = 0; n < 3; n += 1) thread.post();
  const store = new Store(thread.snapshot({ sort: "oldest", limit: 2 }));
  const frame = thread.post();
  store.receive(frame);
  equal([...store.missed], [frame.id]);
  store.addRoots(thread.snapshot({ sort: "oldest", cursor: store.roots.next.cursor, limit: 2 }), "next");
  equal([store.roots.ids, [...store.missed]], [["1", "2", "3", "4"], []]);
});

test("the answer to an own reaction says nothing of those before it, which are still to come", () => {
  const thread = new Thread();
  thread.post();
  const store = new Store(thread.snapshot());
  store.react({ id: "1", counts: { "👍": 3 }, reaction_seq: 3 }, { live: false });
  equal([store.counts.seq, store.comments.get("1").reactions], [0, { "👍": 3 }]);
  store.react({ id: "1", counts: { "👍": 4 }, reaction_seq: 4 });
  equal(store.counts.seq, 4);
});
