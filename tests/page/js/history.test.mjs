import { ApiError } from "../../../comments/static/comments/js/client/api.js";
import { Backoff } from "../../../comments/static/comments/js/client/backoff.js";
import { History } from "../../../comments/static/comments/js/client/history.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { FakeClock, equal, test } from "./harness.mjs";
import { Thread } from "./thread.mjs";

function read(thread) {
  const page = { calls: [], asked: [], newEpochs: 0, isDown: false, code: 0, retryAfter: null, during: () => {}, clock: new FakeClock() };
  page.store = new Store(thread.snapshot());
  const answer = async (what, data) => {
    page.calls.push(what);
    await null; // no answer is there at once
    if (page.isDown) throw new ApiError({ code: page.code, retry_after: page.retryAfter });
    const now = data();
    page.during();
    return now;
  };
  page.history = new History({
    api: {
      history: (after) => answer("history", () => ({ ...thread.history(after), subject: thread.subject })),
      comments: (query) => {
        page.asked.push(query.around ?? query.sort);
        return answer("snapshot", () => thread.snapshot(query));
      },
    },
    store: page.store,
    onChange: () => {},
    onNewEpoch: () => (page.newEpochs += 1),
    backoff: new Backoff(() => 1),
    timers: page.clock,
  });
  return page;
}

test("a new numbering is followed by a look at what came while its snapshot was on the way", async () => {
  const thread = new Thread();
  for (let n = 0; n < 5; n += 1) thread.post();
  const page = read(thread);
  const restored = new Thread();
  restored.epoch = "restored";
  restored.post();
  const other = read(restored);
  other.store = other.history.store = page.store;
  other.during = () => {
    other.during = () => {};
    page.store.receive(restored.post());
  };
  equal(await other.history.reset(), true);
  equal([other.calls, other.newEpochs, page.store.seq], [["snapshot", "history"], 1, 2]);
});

test("what a reader asked for is tried once, and the list stays as it is where that fails", async () => {
  for (const code of [0, 400]) {
    const page = read(new Thread());
    Object.assign(page, { isDown: true, code });
    equal(await page.history.look({ sort: "top" }), false);
    page.isDown = false;
    page.clock.advance(300_000);
    equal(page.calls, ["snapshot"]);
    await page.history.catchUp();
    equal([page.calls, page.store.sort], [["snapshot", "history"], "newest"]);
  }
});

test("what came is here, also where what came after it does not come", async () => {
  const thread = new Thread();
  const page = read(thread);
  page.during = () => {
    page.isDown = true;
    page.store.hear("e1", thread.post().seq);
  };
  equal([await page.history.look({ sort: "top" }), page.calls, page.store.sort], [true, ["snapshot", "history"], "top"]);
});

test("it is not done later either where it waited for something else that failed", async () => {
  const page = read(new Thread());
  Object.assign(page, { isDown: true, code: 0 });
  const running = page.history.catchUp();
  equal([await page.history.look({ sort: "top" }), await running], [false, false]);
  page.isDown = false;
  await page.history.catchUp();
  equal(page.asked, []);
});

test("a void position is asked for until its snapshot comes, without a question that was refused", async () => {
  const page = read(new Thread());
  Object.assign(page, { isDown: true, code: 400 });
  equal(await page.history.reset({ around: "x" }), false);
  page.isDown = false;
  equal(await page.history.catchUp(), true);
  equal(page.asked, ["x", "newest"]);
});

test("with each answer it is told what is commented on", async () => {
  const thread = new Thread();
  const page = read(thread);
  const told = [];
  page.history.onSubject = (subject) => told.push(subject?.revision);
  thread.subject = { revision: 2 };
  await page.history.catchUp();
  await page.history.ask(1, new AbortController().signal);
  equal(told, [2, 2]);
});

test("what waits until all is here waits through failures", async () => {
  const thread = new Thread();
  const page = read(thread);
  page.isDown = true;
  let isCurrent = false;
  page.history.whenCurrent(() => (isCurrent = true));
  equal([await page.history.running, isCurrent], [false, false]);
  page.isDown = false;
  thread.post();
  page.clock.advance(20_000);
  await page.history.running;
  equal([isCurrent, page.store.seq], [true, 1]);
});

test("a busy history is asked when it said, and not at each frame that has a gap before it", async () => {
  const thread = new Thread();
  const page = read(thread);
  Object.assign(page, { isDown: true, code: 503, retryAfter: 3 });
  thread.post();
  for (let n = 0; n < 10; n += 1) {
    equal(page.store.receive(thread.post()), "gap");
    page.history.missed();
    await page.history.running;
  }
  equal(page.calls, ["history"]);
  page.isDown = false;
  page.clock.advance(3_000);
  await page.history.running;
  equal([page.store.seq, page.store.isBehind()], [11, false]);
  thread.post();
  equal(page.store.receive(thread.post()), "gap");
  page.history.missed();
  await page.history.running;
  equal(page.store.seq, 13);
});

test("a history that refuses is not asked again for each frame that has a gap before it", async () => {
  const { error } = console;
  console.error = () => {};
  try {
    const thread = new Thread();
    const page = read(thread);
    Object.assign(page, { isDown: true, code: 403 });
    thread.post();
    for (let n = 0; n < 10; n += 1) {
      page.store.receive(thread.post());
      page.history.missed();
      await page.history.running;
    }
    equal(page.calls, ["history"]);
    page.isDown = false;
    equal([await page.history.catchUp(), page.store.seq], [true, 11]);
  } finally {
    console.error = error;
  }
});

test("who refuses has answered; who is busy or away has not", async () => {
  const { error } = console;
  console.error = () => {};
  try {
    const page = read(new Thread());
    page.isDown = true;
    for (const [code, isAnswered] of [[404, true], [403, true], [0, false], [429, false], [503, false]]) {
      page.code = code;
      equal([await page.history.isAnswered(), await page.history.catchUp()], [isAnswered, false], `${code}:`);
    }
    page.isDown = false;
    equal([await page.history.isAnswered(), await page.history.catchUp()], [true, true]);
  } finally {
    console.error = error;
  }
});

test("however long a busy server asks to wait, a timer can count it", async () => {
  const page = read(new Thread());
  page.isDown = true;
  page.code = 503;
  page.retryAfter = 1e9;
  await page.history.catchUp();
  equal([...page.clock.timers.values()].map(({ at }) => at), [300_000]);
});

test("a question whether the server is there is not repeated, unless something is missing", async () => {
  const thread = new Thread();
  const page = read(thread);
  page.isDown = true;
  const isAskedAgain = async () => [await page.history.isAnswered(), page.clock.timers.size];
  equal(await isAskedAgain(), [false, 0]);
  thread.post();
  page.store.receive(thread.post());
  equal(await isAskedAgain(), [false, 1], "a change was missed:");
  page.store.applyHistory(thread.history(0));
  equal(await isAskedAgain(), [false, 0]);
  page.history.whenCurrent(() => {});
  equal(await isAskedAgain(), [false, 1], "somebody waits:");
});

/** A long thread of which somebody asks for one part while another one is on its way. */
async function asksMeanwhile(first, then) {
  const thread = new Thread();
  for (let n = 0; n < 9; n += 1) thread.post();
  const page = read(thread);
  page.during = () => {
    page.during = () => {};
    then(page.history);
  };
  equal(await page.history.reset(first), true);
  return page;
}

test("who asks for another part while one is on its way gets what was asked last", async () => {
  const page = await asksMeanwhile({ around: "2" }, (history) => history.reset({ sort: "oldest" }));
  equal([page.asked, page.store.sort], [["2", "oldest"], "oldest"]);
  const other = await asksMeanwhile({ sort: "oldest" }, (history) => history.reset({ around: "2" }));
  equal([other.asked, other.store.around?.id], [["oldest", "2"], "2"]);
});

test("a part that is asked for twice is fetched once", async () => {
  const page = await asksMeanwhile({ around: "2" }, (history) => history.reset({ around: "2" }));
  equal([page.asked, page.store.around?.id], [["2"], "2"]);
});

test("a position that is void meanwhile leaves the reader's question as it is", async () => {
  const page = await asksMeanwhile({ around: "2" }, (history) => history.reset());
  equal([page.asked, page.store.around?.id], [["2"], "2"]);
});
