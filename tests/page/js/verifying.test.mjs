import { Verifier } from "../../../comments/static/comments/js/client/verifier.js";
import { crc32, shownOf } from "../../../comments/static/comments/js/thread/digest.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { FakeClock, equal, randomOf, test } from "./harness.mjs";
import { liveAll, verify } from "./lives.mjs";
import { Thread } from "./thread.mjs";
import { anyChange, pick } from "./windows.mjs";

test("the digest is the CRC-32 that others compute", () => {
  equal(crc32("123456789"), "cbf43926");
  equal(crc32(""), "00000000");
});

test("no false alarm, whatever is lost, doubled, late, loaded or dropped", () => {
  const { same, alarms } = liveAll({ lives: 400 });
  equal(alarms, []);
  if (same < 3000) throw new Error(`only ${same} times anything was said`);
});

test("the digest of reactions is the one that tests/comments/test_verification.py computes", () => {
  const thread = new Thread();
  for (let n = 0; n < 3; n += 1) thread.post();
  for (const [id, emoji, count] of [["1", "👍", 2], ["1", "❤️", 1], ["3", "ﬀ", 3], ["3", "😄", 1]]) thread.react(id, emoji, count);
  equal(shownOf(new Store(thread.snapshot())).reactions, { seq: 4, digest: "6d8b9603" });
});

for (const sort of ["newest", "oldest", "top"]) {
  test(`what is falsified in any visible comment of a window is found: ${sort}`, () => {
    let found = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = randomOf(seed);
      const thread = new Thread();
      for (let n = 0; n < 30; n += 1) anyChange(thread, random);
      for (const { id } of thread.visible().slice(0, 5)) thread.react(id, "👍");
      const store = new Store(thread.snapshot({ sort, limit: 5, first: 3 }));
      const before = shownOf(store);
      const visible = [...store.comments.values()].filter(({ status }) => status === "visible");
      const victim = pick(random, visible);
      if (!victim) continue;
      const lie = pick(random, [
        () => store.comments.delete(victim.id),
        () => store.comments.set(victim.id, { ...victim, version: victim.version + 1 }),
        () => store.comments.set(victim.id, { ...victim, status: "removed" }),
        () => store.comments.set(victim.id, { ...victim, reactions: { "👍": 7 } }),
      ]);
      lie();
      const shown = shownOf(store);
      equal(before.digest === shown.digest && before.reactions.digest === shown.reactions.digest, false, `seed ${seed}:`);
      equal(verify(thread, shown), false, `seed ${seed}:`);
      found += 1;
    }
    if (found < 60) throw new Error(`only ${found} lies could be told`);
  });
}

function stage({ isLive = true, route = "socket" } = {}) {
  const thread = new Thread();
  for (let n = 0; n < 5; n += 1) thread.post();
  const store = new Store(thread.snapshot());
  const sent = [];
  const clock = new FakeClock();
  const line = { isLive, route, send: (frame) => route === "socket" && sent.push(frame) > 0 };
  const api = { verify: async (asked) => sent.push(asked) && { seq: asked.seq, same: verify(thread, asked) } };
  let differed = 0;
  const options = { line, api, store, shown: () => shownOf(store), onDifference: () => (differed += 1) };
  const verifier = new Verifier({ ...options, clock, period: 60_000, random: () => 0.5 });
  return { thread, store, sent, clock, line, verifier, differed: () => differed };
}

test("it asks once in a while, on the socket", () => {
  const { verifier, clock, sent } = stage();
  verifier.start();
  clock.advance(60_000);
  clock.advance(60_000);
  equal(sent.map(({ type, seq }) => [type, seq]), [["verify", 5], ["verify", 5]]);
  verifier.stop();
  clock.advance(300_000);
  equal(sent.length, 2);
});

test("over HTTP where there is no socket, and not at all where nothing is live or something is missing", async () => {
  const there = stage({ route: "http" });
  there.store.comments.delete("3");
  there.verifier.ask();
  await Promise.resolve();
  await Promise.resolve();
  equal([there.sent.length, there.differed()], [1, 1]);
  for (const quiet of [stage({ isLive: false }), stage({ route: "none" })]) {
    quiet.verifier.ask();
    equal(quiet.sent, []);
  }
  const behind = stage();
  behind.store.hear("e1", 6);
  behind.verifier.ask();
  equal(behind.sent, []);
});

test("a difference starts the page again, and an answer about another position says nothing", () => {
  const { verifier, store, thread, differed } = stage();
  verifier.ask();
  verifier.heard({ seq: 5, same: null });
  verifier.ask();
  verifier.heard({ seq: 4, same: false });
  verifier.ask();
  store.receive(thread.post());
  verifier.heard({ seq: 5, same: false });
  verifier.heard({ seq: 6, same: false }); // which nobody asked for
  equal(differed(), 0);
  verifier.ask();
  verifier.heard({ seq: 6, same: false });
  equal(differed(), 1);
});

test("where starting again does not help, it asks less and less", () => {
  const { verifier, clock, sent, differed } = stage();
  verifier.start();
  for (let n = 0; n < 240; n += 1) {
    clock.advance(60_000);
    verifier.heard({ seq: 5, same: false });
  }
  equal([sent.length, differed()], [8, 8]); // after 1, 2, 4, 8, 16, 32 min, then after 64 min each
});
