import { Backoff } from "../../../comments/static/comments/js/client/backoff.js";
import { Transport } from "../../../comments/static/comments/js/client/transport.js";
import { FakeClock, equal, test } from "./harness.mjs";

const WELCOME = JSON.stringify({ type: "welcome" });

/** A page with three ways, of which a test says what becomes of them. */
function travel({ httpAnswers = true } = {}) {
  const page = { clock: new FakeClock(), lines: [[], [], []], frames: [], asked: 0, isVisible: true, httpAnswers, said: [] };
  const wayOf = (index) => ({
    opening: [10_000, 5_000, 15_000][index],
    silence: 30_000,
    ...(index === 0 ? { ping: { every: 20_000, within: 4_000 } } : { fresh: 17_000, isBlind: index === 2 }),
    open(on) {
      const line = { on, isOpen: true, sent: [] };
      page.lines[index].push(line);
      const close = () => (line.isOpen = false);
      return index === 0 ? { send: (text) => line.sent.push(text), close } : { close };
    },
  });
  page.transport = new Transport({
    ways: [0, 1, 2].map(wayOf),
    onFrame: (frame) => page.frames.push(frame.type),
    onState: () => page.said.push(page.transport.state.name),
    onReset: () => {},
    answers: async () => {
      page.asked += 1;
      return page.httpAnswers;
    },
    isVisible: () => page.isVisible,
    clock: page.clock,
    newBackoff: () => new Backoff(() => 1),
  });
  page.last = (way) => page.lines[way].at(-1);
  page.gets = (way, text = WELCOME) => page.last(way).on.data(text);
  /** Time passes, and what came last on the way then proves that it carries. */
  page.proves = (way) => {
    page.clock.advance(5_000);
    page.last(way).on.sign();
  };
  page.loses = (way, end = {}) => page.last(way).on.closed(end);
  /** How many of each way's lines are open. */
  page.open = () => page.lines.map((lines) => lines.filter(({ isOpen }) => isOpen).length);
  page.refuseSockets = async () => {
    for (let n = 0; n < 3; n += 1) {
      page.loses(0);
      await settled();
      if (n < 2) page.clock.advance(page.transport.connections[0].state.retryAt - page.clock.now());
    }
  };
  page.transport.open();
  return page;
}

/** What was promised has happened. */
async function settled() {
  for (let n = 0; n < 5; n += 1) await null;
}

test("a socket that works is all there is", async () => {
  const page = travel();
  page.gets(0);
  await settled();
  equal([page.open(), page.transport.hasSocket, page.transport.isCutOff, page.asked], [[1, 0, 0], true, false, 0]);
});

test("after three refused sockets comes the stream, if the server answers otherwise", async () => {
  const page = travel();
  await page.refuseSockets();
  equal([page.open()[1], page.transport.isCutOff, page.transport.isLive], [1, true, false]);
  page.gets(1);
  equal([page.transport.isLive, page.transport.hasSocket, page.transport.seesPeople], [true, false, true]);
});

test("a server that is down gets no more questions for its fallbacks", async () => {
  const page = travel({ httpAnswers: false });
  await page.refuseSockets();
  for (let n = 0; n < 20; n += 1) {
    page.clock.advance(20_000);
    page.loses(0);
    await settled();
  }
  equal([page.open().slice(1), page.transport.isCutOff], [[0, 0], false]);
  page.clock.advance(20_000);
  page.gets(0);
  equal(page.transport.hasSocket, true);
});

test("one handshake that is never answered is enough", async () => {
  const page = travel();
  page.clock.advance(10_000);
  await settled();
  equal(page.lines[1].length, 1);
});

test("a stream that says nothing for 5 s is followed by questions that wait", async () => {
  const page = travel();
  await page.refuseSockets();
  page.clock.advance(4_999);
  await settled();
  equal(page.lines[2].length, 0);
  page.clock.advance(1);
  await settled();
  page.gets(2);
  equal([page.lines[2].length, page.transport.isLive, page.transport.seesPeople], [1, true, false]);
});

test("a stream that breaks once is only opened again; one that is refused is not enough", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.loses(1);
  await settled();
  equal(page.lines[2].length, 0);
  page.clock.advance(1_000);
  equal(page.lines[1].length, 2);
  page.loses(1, { refused: true });
  await settled();
  equal(page.lines[2].length, 1);
});

test("the stream goes on and serves until a socket has proved itself, and ends then", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.clock.advance(4_000);
  equal([page.open(), page.lines[0].length], [[1, 1, 0], 4], "while the handshake runs:");
  page.gets(0);
  equal([page.open(), page.transport.state.way, page.transport.isCutOff], [[1, 1, 0], 1, true], "welcomed only:");
  equal([page.transport.send({ type: "message" }), page.last(0).sent], [false, []]);
  page.proves(0);
  equal([page.open(), page.transport.hasSocket, page.transport.isCutOff], [[1, 0, 0], true, false]);
  equal(page.frames, ["welcome", "welcome"]);
});

test("sockets that are cut a moment after each welcome do not take over from a stream", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  let changes = 0;
  for (let second = 0; second < 600; second += 1) {
    const { way } = page.transport.state;
    const socket = page.last(0);
    if (socket.isOpen && socket.since === undefined) {
      socket.since = second;
      page.gets(0);
    } else if (socket.isOpen && second - socket.since >= 3) page.loses(0);
    page.last(1).on.sign();
    page.clock.advance(1_000);
    changes += Number(page.transport.state.way !== way);
  }
  equal([changes, page.lines[1].length, page.lines[0].length < 20], [0, 1, true]);
});

test("a socket that is welcomed and carries nothing is followed by the stream, which then stays", async () => {
  const page = travel();
  page.gets(0);
  page.clock.advance(15_000);
  await settled();
  equal([page.open()[1], page.transport.isCutOff], [1, true]);
  page.gets(1);
  page.proves(1);
  page.transport.connections[0].open();
  page.gets(0);
  page.clock.advance(10_000);
  page.last(1).on.sign();
  equal([page.transport.state.way, page.transport.isCutOff, page.lines[1].length], [1, true, 1]);
});

test("a stream that is welcomed and carries nothing is followed by questions", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.clock.advance(30_000);
  await settled();
  equal(page.lines[2].length, 1);
});

test("a stream that is asked to come back later for ever is followed by questions", async () => {
  const page = travel();
  await page.refuseSockets();
  for (let n = 0; n < 3; n += 1) {
    page.loses(1, { retry_after: 5 });
    await settled();
    if (n < 2) page.clock.advance(page.transport.connections[1].state.retryAt - page.clock.now());
  }
  equal(page.lines[2].length, 1);
});

test("what ends one way for good leaves the others as they are", async () => {
  for (const code of [1002, 1003, 1007, 1008, 1009, 4501, 4504, 4506]) {
    const page = travel();
    await page.refuseSockets();
    page.gets(1);
    page.proves(1);
    page.gets(0, JSON.stringify({ type: "bye", code, reconnect: false }));
    page.loses(0, { code });
    await settled();
    equal([page.open().slice(0, 2), page.transport.state], [[0, 1], { name: "live", way: 1 }], `${code}:`);
  }
});

test("what ends the first way for good is followed by the next, be the server away for a moment", async () => {
  const page = travel({ httpAnswers: false });
  page.loses(0, { code: 1008 });
  await settled();
  equal(page.lines[1].length, 0);
  page.httpAnswers = true;
  page.clock.advance(20_000);
  await settled();
  equal([page.lines[0].length, page.lines[1].length, page.transport.state.name], [1, 1, "searching"]);
});

test("one tab too many goes over to the next way; where that does not help, the reader is told why", async () => {
  const page = travel();
  page.loses(0, { code: 4504 });
  await settled();
  equal([page.open()[1], page.transport.state.name], [1, "searching"]);
  for (const way of [1, 2]) {
    page.loses(way, { refused: true });
    await settled();
  }
  equal(page.transport.state, { name: "degraded", code: 4504 });
});

test("where every way has ended for good, so has the page", async () => {
  const page = travel();
  for (const way of [0, 1, 2]) {
    equal(page.transport.state.name, "searching");
    page.loses(way, { code: 4506 });
    await settled();
  }
  const { asked } = page;
  page.transport.wake();
  page.clock.advance(300_000);
  await settled();
  equal([page.open(), page.transport.state, page.asked], [[0, 0, 0], { name: "stopped", code: 4506 }, asked]);
});

test("from questions it goes back to a stream, and from there to a socket", async () => {
  const page = travel();
  await page.refuseSockets();
  page.loses(1, { refused: true });
  await settled();
  page.gets(2);
  page.clock.advance(1_000);
  page.gets(1);
  equal([page.open().slice(1), page.transport.seesPeople], [[1, 1], false], "welcomed only:");
  page.proves(1);
  equal([page.open().slice(1), page.transport.seesPeople], [[1, 0], true]);
  page.transport.wake();
  page.gets(0);
  page.proves(0);
  equal(page.open(), [1, 0, 0]);
});

test("while a stream serves, sockets are tried ever more seldom, and at once when the page wakes", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  const beat = () => page.last(1).on.sign();
  const tries = () => page.lines[0].length;
  for (let second = 0; second < 900; second += 1) {
    page.clock.advance(1_000);
    beat();
    if (page.last(0).isOpen) page.loses(0);
  }
  equal(tries() < 20 && tries() > 10, true, `${tries()} attempts in 15 min:`);
  const before = tries();
  page.transport.wake();
  equal([tries() - before, page.lines[1].length], [1, 1]);
});

test("when what served is lost, a better way that was in no hurry is tried as soon", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  for (let second = 0; second < 300; second += 1) {
    page.clock.advance(1_000);
    page.last(1).on.sign();
    if (page.last(0).isOpen) page.loses(0);
  }
  const before = page.lines[0].length;
  page.gets(1, JSON.stringify({ type: "bye", code: 4000, reconnect: true, retry_after: 3 }));
  page.loses(1);
  page.clock.advance(2_999);
  equal(page.lines[0].length, before, "not before the server's time:");
  page.clock.advance(1);
  equal([page.lines[0].length, page.lines[1].length], [before + 1, 2]);
});

test("a stream that falls silent is opened again", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.clock.advance(29_999);
  equal(page.transport.isLive, true);
  page.clock.advance(1);
  equal(page.transport.isLive, false);
  page.clock.advance(500);
  equal(page.open()[1], 1);
});

test("a stream that is doubted is made anew where its next sign of life does not come", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.clock.advance(10_000);
  page.transport.doubt();
  page.clock.advance(6_999);
  equal([page.lines[1].length, page.transport.isLive], [1, true]);
  page.clock.advance(1);
  equal([page.lines[1].length, page.open()[1]], [2, 1]);
});

test("a stream is doubted no longer because the computer's clock was set back", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  const { now } = page.clock;
  page.clock.now = () => now() - 3_600_000;
  page.transport.doubt();
  page.clock.advance(17_000);
  equal(page.lines[1].length, 2);
});

test("a stream that lives says so in time, and is left alone", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.clock.advance(10_000);
  page.transport.doubt();
  page.clock.advance(5_000);
  page.last(1).on.sign();
  page.clock.advance(12_000);
  equal(page.lines[1].length, 1);
});

test("what serves and is lost is in a hurry itself", async () => {
  const page = travel();
  await page.refuseSockets();
  for (let n = 0; n < 12; n += 1) {
    page.gets(1);
    page.loses(1);
    page.clock.advance(page.transport.connections[1].state.retryAt - page.clock.now());
  }
  page.gets(1);
  const before = page.clock.now();
  page.loses(1);
  equal(page.transport.connections[1].state.retryAt - before, 20_000);
});

test("where the server wants no further attempt, every way ends", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.gets(1, JSON.stringify({ type: "bye", code: 4503, reconnect: false }));
  page.loses(1);
  page.transport.wake();
  page.clock.advance(300_000);
  await settled();
  equal([page.open(), page.transport.state], [[0, 0, 0], { name: "stopped", code: 4503 }]);
  page.transport.reopen();
  equal([page.open().slice(0, 2), page.transport.state.name], [[1, 1], "searching"]);
});

test("what ended every way is not forgotten out of sight", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.loses(1, { code: 4503 });
  page.isVisible = false;
  page.transport.rest();
  page.clock.advance(5_000);
  page.isVisible = true;
  page.transport.wake();
  equal([page.open(), page.transport.state], [[0, 0, 0], { name: "stopped", code: 4503 }]);
});

test("whoever logs in elsewhere is known on every way that is open", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  const before = page.lines.map(({ length }) => length);
  page.transport.reopen();
  equal(page.lines.map(({ length }, way) => length - before[way]), [1, 1, 0]);
});

test("a hidden page leaves its stream after a moment and opens it again when it is looked at", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.isVisible = false;
  page.transport.rest();
  page.clock.advance(4_000);
  equal(page.open()[1], 1);
  page.clock.advance(1_000);
  equal([page.open()[1], page.transport.state.name], [0, "resting"]);
  page.isVisible = true;
  page.transport.wake();
  equal([page.open().slice(0, 2), page.transport.state.name], [[1, 1], "searching"]);
});

test("a hidden page that the network wakes opens no stream, and keeps none that it makes anew", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.isVisible = false;
  page.transport.rest();
  page.clock.advance(5_000);
  const sockets = page.lines[0].length;
  page.transport.connections[0].close();
  page.transport.wake();
  equal([page.open().slice(0, 2), page.lines[0].length], [[1, 0], sockets + 1]);
  page.transport.reopen();
  page.gets(1);
  page.clock.advance(5_000);
  equal(page.open()[1], 0);
});

test("a page on questions that goes out of sight rests, and says nothing else meanwhile", async () => {
  const page = travel();
  await page.refuseSockets();
  page.loses(1, { refused: true });
  await settled();
  page.gets(2);
  page.isVisible = false;
  page.transport.rest();
  page.clock.advance(4_999);
  page.said = [];
  page.clock.advance(1);
  equal([page.open().slice(1), page.said], [[0, 0], ["resting"]]);
});

test("where everything is refused, the server is asked every 20 s at most", async () => {
  const page = travel();
  for (let second = 0; second < 600; second += 1) {
    for (const way of [0, 1, 2]) if (page.last(way)?.isOpen) page.loses(way, { refused: true });
    await settled();
    page.clock.advance(1_000);
    await settled();
  }
  equal([page.transport.state.name, page.asked > 20, page.asked <= 32], ["degraded", true, true], `${page.asked} questions:`);
});

test("a hidden page keeps its socket, and one that was hidden for a moment its stream", async () => {
  const page = travel();
  page.gets(0);
  page.isVisible = false;
  page.transport.rest();
  page.clock.advance(10_000);
  equal([page.open(), page.transport.state.name], [[1, 0, 0], "live"]);
  const other = travel();
  await other.refuseSockets();
  other.gets(1);
  other.transport.rest();
  other.transport.wake();
  other.clock.advance(10_000);
  equal(other.open()[1], 1);
});

test("a page that was left opens nothing", async () => {
  const page = travel();
  await page.refuseSockets();
  page.gets(1);
  page.transport.close();
  page.clock.advance(300_000);
  await settled();
  equal(page.open(), [0, 0, 0]);
});

test("where nothing is left to try and the server answers, the reader is told", async () => {
  const page = travel();
  await page.refuseSockets();
  page.loses(1, { refused: true });
  await settled();
  page.loses(2, { refused: true });
  await settled();
  equal([page.transport.state.name, page.transport.isCutOff], ["degraded", true]);
  page.clock.advance(500);
  page.gets(2);
  equal(page.transport.state, { name: "live", way: 2 });
});
