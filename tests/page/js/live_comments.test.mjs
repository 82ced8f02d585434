import { compareAge } from "../../../comments/static/comments/js/thread/tree.js";
import { equal, randomOf, test } from "./harness.mjs";
import { Site, turns } from "./site.mjs";

const idsOf = (comments) => comments.map(({ id }) => id);
const seqsOf = ({ events }) => events.filter(({ prev }) => prev !== undefined).map(({ seq }) => seq);
const typesOf = ({ events }) => events.map(({ type }) => type);

/** What a promise came to: its value, or what is in its error. */
const outcome = (promise) =>
  promise.then(
    (value) => value,
    ({ code, reason, message, retry_after, ref }) => ({ code, reason, message, retry_after, ref }),
  );

test("it begins with a snapshot, and finds its socket by the subject", async () => {
  const site = new Site();
  site.thread.post();
  site.thread.post();
  const { live, told } = site.visit({ reader: "r1" });
  equal([live.status, live.comments], ["closed", []]);
  live.connect();
  await turns();
  equal([site.socket.address, site.socket.protocols], ["wss://here.test/ws/article/plums/?reader=r1", ["comments.v1"]]);
  site.welcomes({ id: "u1", name: "Ida", role: "member" });
  equal([idsOf(live.comments), live.count, live.policy, live.user.name], [["2", "1"], 2, "open", "Ida"]);
  equal([told.statuses, typesOf(told)], [["connecting", "live"], ["reset", "welcome"]]);
  equal(idsOf(told.events[0].comments), ["2", "1"]);
});

test("a comment comes, is edited and goes, and the list is the same array for as long as nothing in it changes", async () => {
  const site = new Site();
  const { live, told } = await site.live();
  const empty = live.comments;
  site.says({ type: "presence", count: 1, anonymous: 1, members: [] });
  equal(live.comments === empty, true);
  site.says(site.thread.post());
  equal([live.comments === empty, idsOf(live.comments), live.comments === live.comments], [false, ["1"], true]);
  site.says(site.thread.edit("1"));
  equal(live.comments[0].version, 2);
  site.says(site.thread.hide("1"));
  equal([live.comments, live.count], [[], 0]);
  equal(typesOf(told), ["reset", "welcome", "presence", "message", "message", "removed"]);
});

test("what was missed comes from the history, before what came live after it, each once", async () => {
  const site = new Site();
  const { live, told } = await site.live();
  site.thread.post();
  site.thread.post();
  const third = site.thread.post();
  site.says(third, third);
  equal(seqsOf(told), []);
  await turns();
  equal([seqsOf(told), idsOf(live.comments)], [[1, 2, 3], ["3", "2", "1"]]);
});

test("whatever is lost, doubled and out of order, each change is told once and in order, and the list is a fresh one", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = randomOf(seed);
    const site = new Site();
    const { live, told } = await site.live();
    const late = [];
    for (let n = 0; n < 60; n += 1) {
      const { last } = site.thread;
      const id = String(1 + Math.floor(random() * last));
      const row = site.thread.rows.get(id);
      const frame =
        !row || random() < 0.6 ? site.thread.post() : row.status === "visible" ? site.thread.hide(id) : site.thread.restore(id);
      if (random() < 0.6) site.says(frame);
      if (random() < 0.3) late.push(frame);
      if (random() < 0.2) site.says(...late.splice(0).reverse());
      if (random() < 0.1) await turns();
    }
    site.says({ type: "pong", timestamp: 0, epoch: site.thread.epoch, seq: site.thread.seq });
    await turns();
    const seqs = seqsOf(told);
    equal(seqs.every((seq, n) => n === 0 || seq > seqs[n - 1]), true, `seed ${seed}:`);
    equal([seqs.at(-1), typesOf(told).filter((type) => type === "reset").length], [site.thread.seq, 1], `seed ${seed}:`);
    const fresh = site.thread.visible().sort((a, b) => compareAge(b, a));
    equal(idsOf(live.comments), idsOf(fresh), `seed ${seed}:`);
  }
});

test("where the position is void, the list is read anew, and handlers are told", async () => {
  const site = new Site();
  const { live, told } = await site.live();
  site.thread.post();
  site.loses(4002);
  await turns();
  equal([typesOf(told).at(-1), idsOf(live.comments)], ["reset", ["1"]]);
  await site.passesUntilNext();
  site.welcomes();
  equal(told.statuses, ["connecting", "live", "reconnecting", "live"]);
});

test("a handler that throws stops no other, and is reported", async () => {
  const site = new Site();
  const { live } = await site.live();
  const { reportError } = globalThis;
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  try {
    const heard = [];
    live.on("message", () => {
      throw new Error("mine");
    });
    live.on("message", ({ id }) => heard.push(id));
    site.says(site.thread.post(), site.thread.post());
    equal([heard, reported, idsOf(live.comments)], [["1", "2"], ["mine", "mine"], ["2", "1"]]);
  } finally {
    globalThis.reportError = reportError;
  }
});

test("a handler is taken away by what `on` returned, and no other with it", async () => {
  const site = new Site();
  const { live } = await site.live();
  let calls = 0;
  const handler = () => (calls += 1);
  const undo = live.on("message", handler);
  live.on("message", handler);
  undo();
  undo();
  site.says(site.thread.post());
  equal(calls, 1);
});

test("a handler that another one of the same event took away is not called any more", async () => {
  const site = new Site();
  const { live } = await site.live();
  const heard = [];
  live.on("message", () => {
    heard.push("first");
    undo();
    live.on("message", () => heard.push("third"));
  });
  const undo = live.on("message", () => heard.push("second"));
  site.says(site.thread.post());
  equal(heard, ["first"]);
});

test("a post is fulfilled by its ack, whatever comes before it", async () => {
  const site = new Site();
  const { live } = await site.live();
  const answer = outcome(live.post("Plums!", { parent: "7", ref: "r" }));
  equal(site.socket.sent.at(-1), { type: "message", content: "Plums!", ref: "r", parent: "7" });
  site.says({ type: "error", code: 400, reason: "bad_field", message: "No.", ref: "another" });
  site.says({ type: "ack", ref: "r", id: "8", seq: 9, status: "visible", duplicate: false });
  equal(await answer, { ref: "r", id: "8", seq: 9, status: "visible" });
});

test("a post is rejected with the server's reason", async () => {
  const site = new Site();
  const { live } = await site.live();
  const answer = outcome(live.post(" ", { ref: "r" }));
  const refusal = { code: 429, reason: "rate_limited", message: "Slowly.", retry_after: 2 };
  site.says({ type: "error", ...refusal, ref: "r" });
  equal(await answer, { ...refusal, ref: "r" });
});

test("a post that nobody answers is rejected in time, and may be posted again under its ref", async () => {
  const site = new Site();
  const { live } = await site.live();
  const first = outcome(live.post("a", { timeout: 3_000 }));
  site.clock.advance(3_000);
  const { code, reason, ref } = await first;
  equal([code, reason], [0, "timeout"]);
  const again = outcome(live.post("a", { ref }));
  const posts = site.socket.sent.filter(({ type }) => type === "message");
  equal(posts.map((post) => post.ref), [ref, ref]);
  site.says({ type: "ack", ref, id: "1", seq: 1, status: "visible", duplicate: true });
  equal((await again).id, "1");
});

test("a post that waits is not sent twice for being asked for twice", async () => {
  const site = new Site();
  const { live } = await site.live();
  const both = [live.post("a", { ref: "r" }), live.post("a", { ref: "r" })];
  equal([both[0] === both[1], site.socket.sent.length], [true, 1]);
  site.says({ type: "ack", ref: "r", id: "1", seq: 1, status: "visible", duplicate: false });
  equal((await both[1]).id, "1");
});

test("what was posted before there is a connection goes out with it, and what had no answer with the next", async () => {
  const site = new Site();
  const { live } = site.visit();
  const answers = [outcome(live.post("a", { ref: "r1" })), outcome(live.post("b", { ref: "r2" }))];
  live.connect();
  await turns();
  site.welcomes();
  equal(site.socket.sent.map(({ ref }) => ref), ["r1", "r2"]);
  site.says({ type: "ack", ref: "r1", id: "1", seq: 1, status: "visible", duplicate: false });
  site.loses();
  await site.passesUntilNext();
  site.welcomes();
  equal(site.socket.sent.map(({ ref }) => ref), ["r2"]);
  site.says({ type: "ack", ref: "r2", id: "2", seq: 2, status: "visible", duplicate: true });
  equal((await Promise.all(answers)).map(({ id }) => id), ["1", "2"]);
});

test("where nothing is live any more, comments go over HTTP, in order, and are seen in the list", async () => {
  const site = new Site();
  const { live, told } = await site.live();
  site.says({ type: "bye", code: 4506, reconnect: false });
  for (const call of ["events", "history", "me"]) site.instead[call] = { status: 403 };
  site.loses(4506);
  await turns();
  equal(live.status, "degraded");
  site.instead = {};
  const answers = await Promise.all([live.post("a", { ref: "r1" }), live.post("b", { ref: "r2" })]);
  await turns();
  equal(answers.map(({ id, ref }) => [id, ref]), [["1", "r1"], ["2", "r2"]]);
  const posts = site.requests.filter(({ method }) => method === "POST");
  equal(posts.map(({ body, headers }) => [body.content, headers["X-CSRFToken"]]), [["a", "t"], ["b", "t"]]);
  equal([idsOf(live.comments), seqsOf(told)], [["2", "1"], [1, 2]]);
});

test("a refusal over HTTP is the same as over the socket", async () => {
  const site = new Site();
  const { live } = await site.live();
  site.loses(4503);
  equal(live.status, "stopped");
  site.instead.comments = { status: 403, body: { reason: "closed", message: "Closed." } };
  equal(await outcome(live.post("a", { ref: "r" })), {
    code: 403, reason: "closed", message: "Closed.", retry_after: null, ref: "r",
  });
});

test("a post that is more than a frame may be is refused here, and the socket goes on", async () => {
  const site = new Site();
  const { live } = site.visit();
  const early = outcome(live.post("ü".repeat(100), { ref: "r1" }));
  live.connect();
  await turns();
  const { epoch, seq, policy } = site.thread;
  site.says({ type: "welcome", user: null, epoch, seq, policy, limits: { content: 5000, frame: 250 } });
  const late = outcome(live.post("ü".repeat(100), { ref: "r2" }));
  live.post("ü".repeat(80), { ref: "r3" }).catch(() => {});
  const refusals = await Promise.all([early, late]);
  equal(refusals.map(({ code, reason, ref }) => [code, reason, ref]), [[413, "too_long", "r1"], [413, "too_long", "r2"]]);
  equal([site.socket.sent.map(({ ref }) => ref), live.status], [["r3"], "live"]);
});

test("where the first page is refused, so is every post, until it is closed and connected again", async () => {
  const site = new Site();
  site.instead.comments = { status: 404, body: { reason: "not_found", message: "Gone." } };
  const { live } = site.visit();
  const early = outcome(live.post("a"));
  live.connect();
  await turns();
  const refusals = await Promise.all([early, outcome(live.post("b"))]);
  equal(refusals.map(({ code, reason }) => [code, reason]), [[404, "not_found"], [404, "not_found"]]);
  site.instead = {};
  live.close();
  live.connect();
  const answer = outcome(live.post("c", { ref: "r" }));
  await turns();
  site.welcomes();
  site.says({ type: "ack", ref: "r", id: "1", seq: 1, status: "visible", duplicate: false });
  equal((await answer).id, "1");
});

test("a post is rejected by `close`, and after it, and is not to be tried again", async () => {
  const site = new Site();
  const { live } = await site.live();
  const isPassing = (promise) => promise.catch((error) => [error.reason, error.isPassing]);
  const answers = [isPassing(live.post("a"))];
  live.close();
  answers.push(isPassing(live.post("b")));
  equal(await Promise.all(answers), [["closed_here", false], ["closed_here", false]]);
});

test("who closes it leaves no timer running", async () => {
  for (const instead of [{}, { comments: 0 }, { history: 0 }, { events: { status: 403 } }]) {
    const site = new Site();
    const { live } = site.visit();
    if ("comments" in instead) site.instead = instead;
    live.connect();
    await turns();
    site.instead = instead;
    // Sockets fail, until a worse way is tried.
    for (let n = 0; n < 4 && site.sockets.length > 0; n += 1) {
      site.socket.onclose?.({ code: 1006 });
      site.clock.advance(3_000);
      await turns();
    }
    live.post("a").catch(() => {});
    equal(site.clock.timers.size > 0, true, JSON.stringify(instead));
    live.close();
    await turns();
    equal(site.clock.timers.size, 0, JSON.stringify(instead));
  }
});

test("a first page that can't be used is reported, and ends it", async () => {
  const site = new Site();
  const { reportError } = globalThis;
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.name);
  try {
    site.instead.comments = { status: 200, body: { epoch: "e1", results: [] } };
    const { live } = site.visit();
    const answer = outcome(live.post("a"));
    live.connect();
    await turns();
    equal([live.status, reported, (await answer).code], ["stopped", ["TypeError"], 406]);
  } finally {
    globalThis.reportError = reportError;
  }
});

test("an address that leads nowhere is an error at once", () => {
  const { live } = new Site().visit({ url: "https://" });
  let thrown = null;
  try {
    live.connect();
  } catch (error) {
    thrown = error;
  }
  equal([thrown instanceof TypeError, live.status], [true, "closed"]);
});

test("who closes it leaves nothing waiting, and comes back to what was missed", async () => {
  const site = new Site();
  const { live, told } = await site.live();
  const answer = outcome(live.post("a"));
  live.close();
  equal([(await answer).reason, live.status, site.socket.isOpen], ["closed_here", "closed", false]);
  site.thread.post();
  site.clock.advance(300_000);
  await turns();
  equal([site.sockets.length, idsOf(live.comments)], [1, []]);
  live.connect();
  site.welcomes();
  await turns();
  equal([site.sockets.length, idsOf(live.comments), seqsOf(told)], [2, ["1"], [1]]);
});

test("closed while it asks for the history, it tells nothing until it is connected again", async () => {
  const site = new Site();
  const { live, told } = await site.live();
  const release = site.hold("history");
  site.thread.post();
  site.says(site.thread.post());
  live.close();
  const before = told.events.length;
  release();
  await turns();
  equal([told.events.length - before, told.statuses.at(-1), live.comments], [0, "closed", []]);
  live.connect();
  equal([seqsOf(told), idsOf(live.comments)], [[1, 2], ["2", "1"]]);
});

test("a handler that closes it is the last that is told", async () => {
  const site = new Site();
  const { live, told } = await site.live();
  live.on("message", () => live.close());
  site.thread.post();
  site.says(site.thread.post());
  await turns();
  equal(seqsOf(told), [1]);
});

test("closed while a comment is stored over HTTP, it asks for nothing more", async () => {
  const site = new Site();
  const { live } = await site.live();
  site.loses(4503);
  await turns();
  const release = site.hold("comments");
  const answer = outcome(live.post("a"));
  await turns();
  live.close();
  const { length } = site.requests;
  release();
  await turns();
  equal([(await answer).reason, site.requests.length - length], ["closed_here", 0]);
});

test("closed while its first page is on the way, it opens nothing, and may be connected again", async () => {
  const site = new Site();
  const { live } = site.visit();
  live.connect();
  live.close();
  await turns();
  equal(site.sockets, []);
  live.connect();
  await turns();
  equal(site.sockets.length, 1);
});

test("closed and connected again at once, it opens one socket", async () => {
  const site = new Site();
  const { live } = site.visit();
  live.connect();
  live.close();
  live.connect();
  await turns();
  equal(site.sockets.length, 1);
});

test("a site that can't be reached is tried again, and one that says no ends it", async () => {
  const site = new Site();
  site.instead.comments = 0;
  const { live, told } = site.visit();
  live.connect();
  await turns();
  site.clock.advance(500);
  await turns();
  equal([site.requests.length, live.status], [2, "connecting"]);
  site.instead.comments = { status: 404, body: { reason: "not_found" } };
  site.clock.advance(1_000);
  await turns();
  equal([live.status, told.statuses], ["stopped", ["connecting", ["stopped", 4503]]]);
});

test("a program's token goes with its requests, and first of all over its socket", async () => {
  const site = new Site();
  const { live } = site.visit({ token: "secret" });
  live.connect();
  await turns();
  site.socket.onopen();
  equal([site.socket.sent, site.requests[0].headers.Authorization], [[{ type: "auth", token: "secret" }], "Token secret"]);
});

test("who types says so over the socket, if there is one", async () => {
  const site = new Site();
  const { live } = await site.live();
  equal([live.typing(true, "7"), site.socket.sent.at(-1)], [true, { type: "typing", on: true, parent: "7" }]);
  site.loses();
  equal(live.typing(), false);
});
