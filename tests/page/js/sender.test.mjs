import { Api, ApiError } from "../../../comments/static/comments/js/client/api.js";
import { Unsent } from "../../../comments/static/comments/js/writing/unsent.js";
import { entryText } from "../../../comments/static/comments/js/writing/refusals.js";
import { Sender } from "../../../comments/static/comments/js/writing/sender.js";
import { FakeClock, equal, test } from "./harness.mjs";

function send({ overHttp = false, api = null } = {}) {
  const page = { sent: [], posted: [], author: "u1", live: !overHttp, clock: new FakeClock(), unsent: new Unsent() };
  const overSocket = (frame) => {
    if (page.live) page.sent.push(frame.ref);
    return page.live;
  };
  page.sender = new Sender({
    unsent: page.unsent,
    send: overSocket,
    mayPost: () => overHttp,
    api,
    author: () => page.author,
    onChange: () => {},
    onPosted: (ref) => page.posted.push(ref),
    clock: page.clock,
  });
  page.write = (ref) => {
    page.unsent.add({ ref, content: ref, parent: null, author: "u1", at: 0 });
    page.sender.pump();
  };
  page.states = () => page.unsent.list().map(({ state }) => state);
  return page;
}

const ack = (ref, more = {}) => ({ ref, id: `id-${ref}`, seq: 1, status: "visible", ...more });
const fast = (ref, wait = 5) => ({ ref, code: 429, reason: "rate_limited", retry_after: wait });

/** A site that can't be reached; `posts` counts how often that was tried. */
function outOfReach() {
  const api = {
    posts: 0,
    post: async () => {
      api.posts += 1;
      throw new ApiError({ code: 0 });
    },
  };
  return api;
}

test("one after the other; what has no answer is sent again with its ref", () => {
  const page = send();
  page.write("a");
  page.write("b");
  equal(page.sent, ["a"]);
  page.clock.advance(10_000);
  equal(page.states(), ["waiting", "queued"]);
  page.clock.advance(1_000);
  page.sender.acked(ack("a"));
  equal(page.sent, ["a", "a", "b"]);
});

test("a second ack of one does not end the wait for another's", () => {
  const page = send();
  page.write("a");
  page.write("b");
  page.sender.acked(ack("a"));
  page.sender.acked(ack("a", { duplicate: true }));
  page.clock.advance(10_000);
  equal(page.states(), ["sent", "waiting"]);
});

test("a late refusal of one attempt does not undo another's ack", () => {
  const page = send();
  page.write("a");
  page.sender.acked(ack("a"));
  page.sender.refused({ ref: "a", code: 503, reason: "busy" });
  equal(page.states(), ["sent"]);
});

test("while one is on its way, or another person writes, a wait that is over sets no timer", () => {
  const page = send();
  page.write("a");
  page.sender.refused({ ref: "a", code: 403, reason: "closed" });
  page.write("b");
  page.sender.refused(fast("b"));
  page.unsent.retry("a");
  page.sender.pump();
  page.clock.advance(5_000);
  equal([page.states(), page.clock.timers.size], [["sending", "waiting"], 1], "the wait for the ack is left:");
  page.sender.lost();
  page.live = false;
  page.author = "u2";
  page.sender.pump();
  equal(page.clock.timers.size, 0);
});

test("however long the server asks to wait, a timer can count it", () => {
  const page = send();
  page.write("a");
  page.sender.refused(fast("a", 1e9));
  equal([...page.clock.timers.values()].map(({ at }) => at), [3_600_000]);
});

test("what was refused for no reason of its own is asked about at last; whoever waits their turn gets it", () => {
  const page = send();
  page.write("a");
  const refuse = (times, answer) => {
    for (let n = 0; n < times; n += 1) {
      page.sender.refused(answer);
      page.clock.advance(5_000);
    }
  };
  refuse(20, fast("a"));
  refuse(4, { ...fast("a"), code: 503, reason: "busy" });
  equal(page.states(), ["sending"]);
  page.sender.refused({ ref: "a", code: 503, reason: "busy" });
  equal(page.states(), ["failed"]);
});

test("the line beneath says what the site says of the haste, and counts the time itself", () => {
  const at = { live: true, online: true, now: 0, self: "u1" };
  const line = (message) =>
    entryText({ author: "u1", state: "waiting", dueAt: 3_000, error: { reason: "rate_limited", message } }, at);
  equal(line("Many people write from here. Try again in 3 s."), "Many people write from here. Sending again in 3 s.");
  equal(line(undefined), "That was a little fast. Sending again in 3 s.");
});

test("over HTTP, what can't be reached is tried again, and what was stored is told", async () => {
  let answer = () => {
    throw new ApiError({ code: 0 });
  };
  const page = send({ overHttp: true, api: { post: async () => answer() } });
  page.write("a");
  await null;
  equal(page.states(), ["queued"]);
  answer = () => ({ id: "7", status: "visible" });
  page.clock.advance(5_000);
  await null;
  await null;
  equal([page.states(), page.posted], [["sent"], ["a"]]);
});

test("a site that can't be reached is asked ever more seldom, and at once when there is hope", async () => {
  const api = outOfReach();
  const page = send({ overHttp: true, api });
  page.write("a");
  for (let second = 0; second < 600; second += 1) {
    await null;
    page.clock.advance(1_000);
    page.sender.pump(); // as every change of a connection does
  }
  equal(api.posts, 13, "after 0, 5, 15, 35, 75 s and then every minute:");
  page.sender.wake();
  equal(api.posts, 14);
});

test("what could not be posted goes at once over a socket that came meanwhile", async () => {
  const page = send({ overHttp: true, api: outOfReach() });
  page.write("a");
  page.live = true;
  for (let n = 0; n < 3; n += 1) await null;
  equal([page.sent, page.states()], [["a"], ["sending"]]);
});

test("an ack over a socket ends the wait for a site that could not be reached", async () => {
  const api = outOfReach();
  const page = send({ overHttp: true, api });
  page.write("a");
  for (let second = 0; second < 75; second += 1) {
    await null;
    page.clock.advance(1_000);
  }
  page.live = true;
  page.sender.wake();
  page.sender.acked({ ref: "a", id: "7", seq: 1, status: "visible" });
  page.live = false;
  api.posts = 0;
  page.write("b");
  for (let second = 0; second < 10; second += 1) {
    await null;
    page.clock.advance(1_000);
  }
  equal(api.posts, 2, "at once, and after 5 s:");
});

test("a site that answered again is not waited for as long as before", async () => {
  let isThere = false;
  const post = async ({ ref }) => {
    if (!isThere) throw new ApiError({ code: 0 });
    return { id: ref, status: "visible" };
  };
  const page = send({ overHttp: true, api: { post } });
  page.write("a");
  for (const wait of [5_000, 10_000]) {
    await null;
    page.clock.advance(wait);
  }
  await null;
  isThere = true;
  page.sender.wake();
  for (let n = 0; n < 3; n += 1) await null;
  equal(page.states(), ["sent"]);
  isThere = false;
  page.write("b");
  await null;
  isThere = true;
  page.clock.advance(5_000);
  for (let n = 0; n < 3; n += 1) await null;
  equal(page.states(), ["sent", "sent"]);
});

test("what waits, and is not the present writer's, is not said to be sent again", () => {
  const page = send();
  page.write("a");
  page.sender.refused(fast("a"));
  const [entry] = page.unsent.list();
  const at = { live: true, online: true, now: 10_000, self: "u2" };
  equal(entryText(entry, at), "Not sent. It was written under another name.");
});

test("an answer that is not the site's stores nothing, and the text stays", async () => {
  const api = new Api({ thread: "/api/articles/a/", fetch: async () => new Response('{"login": "please"}') });
  const page = send({ overHttp: true, api });
  page.write("a");
  for (let n = 0; n < 10; n += 1) await new Promise((done) => setTimeout(done, 0));
  equal([page.states(), page.posted], [["waiting"], []]);
});

test("a filter on the way that gives no reason is called that", async () => {
  const post = async () => {
    throw new ApiError({ code: 403 });
  };
  const page = send({ overHttp: true, api: { post } });
  page.write("a");
  for (let n = 0; n < 3; n += 1) await null;
  const [entry] = page.unsent.list();
  equal(entryText(entry, { live: true }), "Not sent. Something on the way to the site did not let it through.");
});
