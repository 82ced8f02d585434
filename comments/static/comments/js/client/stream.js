/**
 * The second way: server-sent events, for where sockets are refused.
 *
 * Read with `fetch`: an EventSource shows neither the comments by which a quiet stream proves itself, nor why one was
 * refused, and comes back after a `bye` that asked it not to.
 */

import { endOf } from "./api.js";

/**
 * @import { Api } from "./api.js"
 * @import { Listener, Way } from "./line.js"
 */

/**
 * @param {object} options
 * @param {Api} options.api
 * @param {() => {epoch: string, seq: number}} options.position what the page has; the stream goes on behind it
 * @returns {Way}
 */
export function streamWay({ api, position }) {
  return {
    opening: 5_000, // a proxy that hands on whole answers only would take for ever
    silence: 35_000, // two of the server's comments, which come every 15 s, and a little
    fresh: 17_000,
    open(on) {
      const leaving = new AbortController();
      const { epoch, seq } = position();
      read(api.events(`${epoch}:${seq}`, leaving.signal), on).catch((error) => on.closed(endOf(error)));
      return { close: () => leaving.abort() };
    },
  };
}

/**
 * @param {Promise<Response & {body: ReadableStream<Uint8Array<ArrayBuffer>>}>} answered
 * @param {Listener} on
 */
async function read(answered, on) {
  const { body } = await answered;
  on.sign();
  const events = new EventReader(on.data);
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    on.sign();
    events.take(part.value);
  }
  on.closed({});
}

/** Finds the data of events in a text that comes in pieces. Pure; of the standard what this server uses. */
export class EventReader {
  #onEvent;
  #rest = "";
  /** @type {string[]} */
  #data = [];

  /** @param {(data: string) => void} onEvent */
  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  /** @param {string} text */
  take(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line.replace(/\r$/, ""));
  }

  /** @param {string} line */
  #line(line) {
    if (line.startsWith("data:")) this.#data.push(line.slice(5).replace(/^ /, ""));
    if (line !== "" || this.#data.length === 0) return;
    const data = this.#data.join("\n");
    this.#data = [];
    this.#onEvent(data);
  }
}
