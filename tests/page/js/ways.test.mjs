import { Api, ApiError } from "../../../comments/static/comments/js/client/api.js";
import { History } from "../../../comments/static/comments/js/client/history.js";
import { pollingWay } from "../../../comments/static/comments/js/client/polling.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { EventReader, streamWay } from "../../../comments/static/comments/js/client/stream.js";
import { FakeClock, equal, test } from "./harness.mjs";
import { Thread } from "./thread.mjs";

const EVENTS = { headers: { "Content-Type": "text/event-stream; charset=utf-8" } };

/** Until what was promised has happened: bodies take a few turns of the browser's loop. */
async function turns() {
  for (let n = 0; n < 10; n += 1) await new Promise((done) => setTimeout(done, 0));
}

function listen() {
  const heard = { data: [], signs: 0, ends: [] };
  heard.on = {
    data: (text) => heard.data.push(JSON.parse(text)),
    sign: () => (heard.signs += 1),
    closed: (end) => heard.ends.push(end),
  };
  return heard;
}

/** A stream whose answer the test writes. */
function stream(answer) {
  const page = Object.assign(listen(), { requests: [] });
  const api = new Api({
    thread: "/api/articles/a/",
    fetch: async (url, request) => {
      page.requests.push({ url, id: request.headers["Last-Event-ID"], signal: request.signal });
      return answer();
    },
  });
  page.line = streamWay({ api, position: () => ({ epoch: "e1", seq: 7 }) }).open(page.on);
  return page;
}

test("events come in any pieces, and what is no data is passed over", () => {
  const text = 'event: a\ndata: {"n":1}\n\n:\n\nid: e1:2\r\ndata:{"n":\r\ndata: 2}\r\n\r\nretry: 5\n\ndata: {"n":3}\n\n';
  for (const size of [1, 3, 7, text.length]) {
    const found = [];
    const reader = new EventReader((data) => found.push(JSON.parse(data).n));
    for (let start = 0; start < text.length; start += size) reader.take(text.slice(start, start + size));
    equal(found, [1, 2, 3], `in pieces of ${size}:`);
  }
});

test("a stream goes on behind what the page has, and every comment is a sign of life", async () => {
  let write;
  const body = new ReadableStream({ start: (controller) => (write = controller) });
  const page = stream(() => new Response(body, EVENTS));
  const send = (text) => write.enqueue(new TextEncoder().encode(text));
  send('event: welcome\ndata: {"type":"welcome"}\n\n');
  await turns();
  equal([page.requests[0].url, page.requests[0].id], ["/api/articles/a/events/", "e1:7"]);
  equal(page.data, [{ type: "welcome" }]);
  const { signs } = page;
  send(":\n\n");
  await turns();
  equal([page.signs - signs, page.data.length, page.ends.length], [1, 1, 0]);
  write.close();
  await turns();
  equal(page.ends.length, 1);
});

test("who leaves a stream ends its request", () => {
  const page = stream(() => new Promise(() => {}));
  page.line.close();
  equal(page.requests[0].signal.aborted, true);
});

test("why there is no stream decides what is done", async () => {
  const error = (status, body, headers = {}) => () => new Response(JSON.stringify(body), { status, headers });
  const cases = [
    [error(404, { reason: "not_found" }), { code: 4503 }],
    [error(403, { reason: "banned" }), { code: 4505 }],
    [error(429, { reason: "rate_limited", retry_after: 5 }), { retry_after: 5, refused: false }],
    [error(503, {}, { "Retry-After": "7" }), { retry_after: 7, refused: false }],
    [error(403, "a proxy's own page"), { retry_after: null, refused: true }],
    [() => new Response("<p>Please log in to the network"), { retry_after: null, refused: true }],
    [() => Promise.reject(new TypeError("no network")), { retry_after: null, refused: false }],
  ];
  for (const [answer, end] of cases) {
    const page = stream(answer);
    await turns();
    equal(page.ends, [end]);
  }
});

/** Polling a thread, whose questions wait until the test has them answered. */
async function poll({ first } = {}) {
  const thread = new Thread();
  const store = new Store(thread.snapshot());
  const page = Object.assign(listen(), { clock: new FakeClock(), thread, store, questions: [], waits: [] });
  page.first = first ?? (async (after) => thread.history(after));
  const api = {
    me: async () => ({ id: "u1", name: "Ida" }),
    comments: async () => thread.snapshot(),
    history: (after, epoch, { wait, signal } = {}) => {
      if (!wait) return Promise.resolve(thread.history(after));
      page.waits.push(wait);
      if (wait === 1) return page.first(after);
      return new Promise((answer, reject) => {
        signal.addEventListener("abort", () => reject(new ApiError({ code: 0 })));
        page.questions.push({ after, answer: () => answer(thread.history(after)), fail: reject });
      });
    },
  };
  page.history = new History({ api, store: page.store, onChange: () => {}, timers: page.clock });
  page.line = pollingWay({ api, history: page.history, position: () => store, clock: page.clock }).open(page.on);
  page.passes = async (ms) => {
    page.clock.advance(ms);
    await turns();
  };
  await turns();
  return page;
}

test("polling says who is here, and brings what comes", async () => {
  const page = await poll();
  equal(page.data, [{ type: "welcome", user: { id: "u1", name: "Ida" }, epoch: "e1", seq: 0 }]);
  equal(page.waits, [1, 20]);
  page.thread.post();
  page.questions[0].answer();
  await turns();
  equal([page.store.seq, page.store.comments.size, page.signs], [1, 1, 1]);
  await page.passes(300);
  equal(page.questions.map(({ after }) => after), [0, 1]);
});

test("answers that come at once and say nothing make no busy loop", async () => {
  const page = await poll();
  page.questions[0].answer();
  await turns();
  await page.passes(2_999);
  equal(page.questions.length, 1);
  await page.passes(1);
  equal(page.questions.length, 2);
});

test("another numbering starts again from a snapshot, and the questions go on from there", async () => {
  const page = await poll();
  page.thread.epoch = "e2";
  page.thread.post();
  page.questions[0].answer();
  await turns();
  equal([page.store.epoch, page.store.seq], ["e2", 1]);
  await page.passes(300);
  equal(page.questions[1].after, 1);
});

test("a question that can't be answered ends the attempt, with the server's own wait", async () => {
  const page = await poll();
  page.questions[0].fail(new ApiError({ code: 429, reason: "rate_limited", retry_after: 5 }));
  await turns();
  equal(page.ends, [{ retry_after: 5, refused: false }]);
});

test("where no question may wait, comments are not called live", async () => {
  const refuse = async () => {
    throw new ApiError({ code: 429, reason: "rate_limited", retry_after: 5 });
  };
  const page = await poll({ first: refuse });
  equal([page.data, page.ends], [[], [{ retry_after: 5, refused: false }]]);
});

test("who leaves asks nothing more", async () => {
  const page = await poll();
  page.line.close();
  await turns();
  await page.passes(60_000);
  equal(page.questions.length, 1);
});
