/** A site with one thread, as LiveComments meets it: its API behind `fetch`, and sockets that a test speaks for. */

import { LiveComments } from "../../../comments/static/comments/js/client/live_comments.js";
import { FakeClock } from "./harness.mjs";
import { Thread } from "./thread.mjs";

export const URL_OF_THREAD = "https://here.test/talk/api/articles/plums/";

/** Until what was promised has happened: answers take a few turns of the loop. */
export async function turns() {
  for (let n = 0; n < 10; n += 1) await new Promise((done) => setTimeout(done, 0));
}

export class Site {
  thread = new Thread();
  clock = new FakeClock();
  sockets = [];
  requests = [];
  /** What answers instead of the site, by the last part of the address: a number is a status. */
  instead = {};
  /** The calls whose answers wait until a test lets them go. @type {Map<string, Promise<void>>} */
  held = new Map();

  /** @returns {() => void} lets the answers to this call go */
  hold(call) {
    let release;
    this.held.set(call, new Promise((done) => (release = done)));
    return () => {
      this.held.delete(call);
      release();
    };
  }

  fetch = async (address, { method = "GET", headers, body } = {}) => {
    const url = new URL(address);
    const call = url.pathname.split("/").at(-2);
    this.requests.push({ address, call, method, headers, body: body && JSON.parse(body) });
    await this.held.get(call);
    const instead = this.instead[call];
    if (instead === 0) throw new TypeError("no network");
    if (instead) return Response.json(instead.body ?? {}, { status: instead.status ?? 500 });
    return Response.json(await this.answer(call, method, url.searchParams));
  };

  answer(call, method, query) {
    if (method === "POST") return { ...this.thread.post(), type: undefined, seq: undefined };
    if (call === "history") return this.thread.history(Number(query.get("after")));
    if (call === "me") return { user: null };
    return { ...this.thread.snapshot({ first: 1000 }), subject: { kind: "article", key: "plums", url: "/plums/" } };
  }

  /** A client of it, which notes all that it is told. */
  visit(options = {}) {
    const { sockets } = this;
    class FakeSocket {
      constructor(address, protocols) {
        Object.assign(this, { address, protocols, sent: [], isOpen: true });
        sockets.push(this);
      }

      send(text) {
        this.sent.push(JSON.parse(text));
      }

      close() {
        this.isOpen = false;
      }
    }
    const { fetch, clock } = this;
    const live = new LiveComments({
      url: URL_OF_THREAD, fetch, clock, WebSocket: FakeSocket, csrfToken: () => "t", random: () => 1, ...options,
    });
    const told = { events: [], statuses: [] };
    live.on("*", (event) => told.events.push(event));
    live.onStatus((status, code) => told.statuses.push(code === null ? status : [status, code]));
    return { live, told };
  }

  get socket() {
    return this.sockets.at(-1);
  }

  /** The server says something on the newest socket. */
  says(...frames) {
    for (const frame of frames) this.socket.onmessage({ data: JSON.stringify(frame) });
  }

  welcomes(user = null) {
    const { epoch, seq, policy } = this.thread;
    this.says({ type: "welcome", user, epoch, seq, policy });
  }

  loses(code = 1006) {
    this.socket.onclose({ code });
  }

  /** Time passes until the next socket is opened. */
  async passesUntilNext() {
    for (const before = this.sockets.length; this.sockets.length === before; await turns()) this.clock.advance(500);
  }

  /** A client that is live. */
  async live(options) {
    const client = this.visit(options);
    client.live.connect();
    await turns();
    this.welcomes();
    return client;
  }
}
