import { ApiError } from "../../../static/js/comments/api.js";
import { Backoff } from "../../../static/js/comments/backoff.js";
import { History } from "../../../static/js/comments/history.js";
import { Store } from "../../../static/js/comments/store.js";
import { FakeClock, equal, test } from "./harness.mjs";
import { Thread } from "./thread.mjs";

function read(thread) {
  const page = { calls: [], newEpochs: 0, isDown: false, code: 0, during: () => {}, clock: new FakeClock() };
  page.store = new Store(thread.snapshot());
  const answer = async (what, data) => {
    page.calls.push(what);
    if (page.isDown) throw new ApiError({ code: page.code });
    const now = data();
    page.during();
    return now;
  };
  page.history = new History({
    api: {
      history: (after) => answer("history", () => thread.history(after)),
      comments: () => answer("snapshot", () => thread.snapshot()),
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
  equal(await other.history.startAgain(), true);
  equal([other.calls, other.newEpochs, page.store.seq], [["snapshot", "history"], 1, 2]);
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
