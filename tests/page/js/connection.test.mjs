import { Backoff } from "../../../comments/static/comments/js/client/backoff.js";
import { mayReconnect } from "../../../comments/static/comments/js/client/codes.js";
import { Connection } from "../../../comments/static/comments/js/client/connection.js";
import { isLive } from "../../../comments/static/comments/js/client/states.js";
import { socketWay } from "../../../comments/static/comments/js/client/socket.js";
import { FakeClock, equal, test } from "./harness.mjs";

function connect({ random = () => 1, isVisible, isServed } = {}) {
  const backoff = new Backoff(random);
  const page = { sockets: [], frames: [], resets: 0, clock: new FakeClock(), backoff };
  class FakeSocket {
    constructor(url, protocols) {
      Object.assign(this, { url, protocols, sent: [], closed: null });
      page.sockets.push(this);
    }

    send(text) {
      this.sent.push(JSON.parse(text));
    }

    close(code) {
      this.closed = code;
    }
  }
  page.connection = new Connection({
    way: socketWay({ url: "ws://here/ws/article/a/", WebSocket: FakeSocket }),
    onFrame: (frame) => page.frames.push(frame.type),
    onState: () => {},
    onReset: () => (page.resets += 1),
    isVisible,
    isServed,
    clock: page.clock,
    backoff,
  });
  page.connection.open();
  page.last = () => page.sockets.at(-1);
  page.untilNext = () => {
    for (const before = page.sockets.length; page.sockets.length === before; ) page.clock.advance(100);
  };
  page.gets = (...frames) => page.last().onmessage({ data: JSON.stringify(frames.length > 1 ? frames : frames[0]) });
  return page;
}

const WELCOME = { type: "welcome" };

test("full jitter over 0.5 s, 1 s, 2 s …, at most 20 s", () => {
  const ceilings = new Backoff(() => 1);
  equal([1, 2, 3, 4, 5, 6, 7, 8].map(() => ceilings.next()), [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000]);
  equal(new Backoff(() => 0).next(), 0);
  ceilings.reset();
  equal(ceilings.next(), 500);
});

test("the range of the close code decides", () => {
  const again = [4000, 4001, 4002, 4006, 4499, 1000, 1001, 1005, 1006, 1011, 1012, 1013];
  const never = [4500, 4501, 4506, 4999, 1002, 1003, 1007, 1008, 1009];
  equal([again.every(mayReconnect), never.some(mayReconnect)], [true, false]);
});

test("it offers batches, and takes single frames and batches in order", () => {
  const page = connect();
  equal(page.last().protocols, ["comments.v1"]);
  page.gets(WELCOME);
  page.gets({ type: "a" }, { type: "b" });
  equal(page.frames, ["welcome", "a", "b"]);
});

test("junk and a frame that can't be used cost nothing else", () => {
  const page = connect();
  const { error } = console;
  console.error = () => {};
  try {
    page.gets(WELCOME);
    page.last().onmessage({ data: "{" });
    page.gets(null, { type: "a" });
    equal(page.frames, ["welcome", "a"]);
  } finally {
    console.error = error;
  }
});

test("it pings after 5 s and then every 20 s, and gives a socket up after 30 s of silence", () => {
  const page = connect();
  page.gets(WELCOME);
  page.clock.advance(5_000);
  equal(page.last().sent.map(({ type }) => type), ["ping"]);
  page.gets({ type: "pong" });
  page.clock.advance(20_000);
  equal(page.last().sent.map(({ type }) => type), ["ping", "ping"]);
  page.gets({ type: "pong" });
  page.clock.advance(29_999);
  equal(isLive(page.connection.state), true);
  page.clock.advance(1);
  equal([page.connection.state.name, page.sockets[0].closed], ["waiting", 4003]);
});

test("it comes back for as long as the page is open", () => {
  const page = connect();
  for (let n = 0; n < 30; n += 1) {
    page.last().onclose({ code: 1006 });
    page.untilNext();
  }
  equal(page.sockets.length, 31);
});

test("a connection that carries something after 5 s starts the waits over; one that only lasts does not", () => {
  const page = connect();
  page.last().onclose({ code: 1006 });
  page.clock.advance(500);
  page.gets(WELCOME);
  page.clock.advance(4_999);
  page.gets({ type: "presence" });
  page.clock.advance(1);
  equal([page.backoff.failures, page.connection.state.name], [1, "asked"]);
  page.gets({ type: "pong" });
  equal([page.backoff.failures, page.connection.state.name], [0, "proved"]);
});

test("a socket that was welcomed and carries nothing leads nowhere; one that fell silent later may come back", () => {
  const page = connect();
  page.gets(WELCOME);
  page.clock.advance(14_999);
  equal(isLive(page.connection.state), true);
  page.clock.advance(1);
  equal([page.connection.state.name, page.connection.state.isRefused, page.backoff.failures], ["waiting", true, 1]);
  page.clock.advance(500);
  page.gets(WELCOME);
  page.clock.advance(5_000);
  page.gets({ type: "pong" });
  page.clock.advance(30_000);
  equal([page.connection.state.name, page.connection.state.isRefused, page.backoff.failures], ["waiting", false, 1]);
});

test("a server that asks for patience has failed all the same, and the waits grow beyond its own", () => {
  const page = connect();
  const waits = [];
  for (let n = 1; n <= 4; n += 1) {
    page.gets({ type: "bye", code: 4006, reconnect: true, retry_after: 2 });
    page.last().onclose({ code: 4006 });
    equal(page.backoff.failures, n);
    waits.push(page.connection.state.retryAt - page.clock.now());
    page.untilNext();
  }
  equal(waits, [2_500, 3_000, 4_000, 6_000]);
});

test("a server that goes away in order has not failed", () => {
  const page = connect();
  page.gets(WELCOME);
  page.gets({ type: "bye", code: 4000, reconnect: true, retry_after: 3 });
  page.last().onclose({ code: 4000 });
  equal([page.backoff.failures, page.connection.state.retryAt], [0, 3_000]);
});

test("one connection too many is followed by a long wait, not by an end", () => {
  const page = connect();
  page.gets({ type: "bye", code: 4504, reconnect: false });
  page.last().onclose({ code: 4504 });
  equal([page.connection.state.name, page.connection.state.isRefused, page.connection.state.code], ["waiting", true, 4504]);
  page.clock.advance(120_000);
  equal(page.sockets.length, 1);
  page.clock.advance(500);
  equal([page.sockets.length, page.connection.state.name], [2, "connecting"]);
});

test("the server's own wait counts", () => {
  const page = connect();
  page.gets(WELCOME);
  page.gets({ type: "bye", code: 4000, reason: "restart", reconnect: true, retry_after: 7 });
  page.last().onclose({ code: 4000 });
  page.clock.advance(6_999);
  equal(page.sockets.length, 1);
  page.clock.advance(1);
  equal(page.sockets.length, 2);
});

test("however long it is, a timer can count it", () => {
  const page = connect();
  page.gets(WELCOME);
  page.gets({ type: "bye", code: 4000, reconnect: true, retry_after: 1e9 });
  page.last().onclose({ code: 4000 });
  page.clock.advance(299_999);
  equal(page.sockets.length, 1);
  page.clock.advance(1);
  equal(page.sockets.length, 2);
});

test("a final code ends it, and so does a bye whose code a server could not pass on", () => {
  for (const [bye, code] of [[null, 4503], [{ code: 4506, reconnect: false }, 1006], [{ code: 4505 }, 1000]]) {
    const page = connect();
    if (bye) page.gets({ type: "bye", ...bye });
    page.last().onclose({ code });
    page.clock.advance(100_000);
    equal([page.connection.state.name, page.sockets.length], ["stopped", 1]);
  }
});

test("4002 voids the position, and reconnects", () => {
  const page = connect();
  page.gets(WELCOME);
  page.last().onclose({ code: 4002 });
  page.clock.advance(500);
  equal([page.resets, page.sockets.length], [1, 2]);
});

test("4002 does so too where only its bye came through", () => {
  const page = connect();
  page.gets({ type: "bye", code: 4002, reconnect: true });
  page.last().onclose({ code: 1006 });
  equal(page.resets, 1);
});

test("a hidden page waits until it is looked at", () => {
  let visible = false;
  const page = connect({ isVisible: () => visible });
  page.last().onclose({ code: 1006 });
  page.clock.advance(100_000);
  equal(page.sockets.length, 1);
  visible = true;
  page.connection.wake();
  equal(page.sockets.length, 2);
});

test("back online, it does not wait any longer", () => {
  const page = connect();
  for (let n = 0; n < 8; n += 1) {
    page.last().onclose({ code: 1006 });
    page.untilNext();
  }
  page.last().onclose({ code: 1006 });
  const before = page.sockets.length;
  page.connection.wake();
  equal([page.sockets.length - before, page.backoff.failures], [1, 0]);
});

test("a doubted socket has a moment to prove itself", () => {
  const page = connect();
  page.gets(WELCOME);
  page.connection.doubt();
  page.clock.advance(3_000);
  page.gets({ type: "pong" });
  page.clock.advance(5_000);
  equal(isLive(page.connection.state), true);
  page.connection.doubt();
  page.clock.advance(4_000);
  equal(page.connection.state.name, "waiting");
});

test("a doubted socket that was not asked for its first sign yet is lost, and leads where it led", () => {
  const page = connect();
  page.gets(WELCOME);
  page.connection.doubt();
  page.clock.advance(4_000);
  equal([page.connection.state.name, page.connection.state.isRefused], ["waiting", false]);
});

test("a handshake that leads nowhere is given up", () => {
  const page = connect();
  page.clock.advance(10_000);
  equal(page.connection.state.name, "waiting");
});

test("while another way serves it is in no hurry, until that is lost", () => {
  let served = true;
  const page = connect({ isServed: () => served });
  for (let n = 0; n < 9; n += 1) {
    page.last().onclose({ code: 1006 });
    page.untilNext();
  }
  const before = page.sockets.length;
  page.last().onclose({ code: 1006 });
  page.clock.advance(119_999);
  equal(page.sockets.length, before);
  served = false;
  page.clock.advance(1);
  page.last().onclose({ code: 1006 });
  page.connection.hurry(page.clock.now() + 300);
  page.clock.advance(300);
  equal(page.sockets.length, before + 2);
});

test("a handshake that is never answered tells more than one that breaks", () => {
  const page = connect();
  page.last().onclose({ code: 1006 });
  equal(page.connection.state.isRefused, false);
  page.clock.advance(500);
  page.clock.advance(10_000);
  equal(page.connection.state.isRefused, true);
});

test("closed, it stays so until it is woken", () => {
  const page = connect();
  page.gets(WELCOME);
  page.connection.close();
  page.clock.advance(300_000);
  equal([page.connection.state.name, page.sockets.length], ["closed", 1]);
  page.connection.wake();
  equal(page.sockets.length, 2);
});
