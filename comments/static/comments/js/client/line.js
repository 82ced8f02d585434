/** One line of a way to the server, from its opening to its end. Frames are objects on this side of it. */

/**
 * @import { End } from "./states.js"
 * @import { ClientFrame, ServerFrame } from "./wire.js"
 *
 * @typedef {object} Way how to reach the server: a socket, a stream or polling
 * @property {(on: Listener) => Opened} open
 * @property {number} opening ms from the start to `welcome`
 * @property {number} silence ms without a sign of life after which it is given up
 * @property {{every: number, within: number}} [ping] ms between two pings, and ms that a doubted line has to answer one
 * @property {number} [fresh] ms after a sign of life until a doubted line that can't be pinged is made anew
 * @property {boolean} [isBlind] whether it says nothing of who reads and who types
 *
 * @typedef {object} Listener
 * @property {(text: string) => void} data frames came, as JSON
 * @property {() => void} sign the server sent something, which need not be a frame
 * @property {(end: End) => void} closed
 *
 * @typedef {{send?: (text: string) => void, close: (code: number) => void}} Opened
 *
 * @typedef {object} LineListener
 * @property {(frame: ServerFrame) => void} frame every frame, in order
 * @property {() => void} sign
 * @property {(end: End) => void} closed
 */

export class Line {
  #on;
  /** @type {Opened | null} */
  #opened = null;
  #isLeft = false;

  /** @param {LineListener} on of which nothing is called once the line was closed here */
  constructor(on) {
    this.#on = on;
  }

  /** @param {Way} way */
  open(way) {
    try {
      this.#opened = way.open({
        data: (text) => this.#received(text),
        sign: () => this.#isLeft || this.#on.sign(),
        closed: (end) => this.#isLeft || this.#on.closed(end),
      });
    } catch (error) {
      console.error("comments: a connection could not be made", error);
      this.#on.closed({});
    }
  }

  /**
   * @param {ClientFrame} frame
   * @returns {boolean} whether this line can send
   */
  send(frame) {
    if (!this.#opened?.send) return false;
    this.#opened.send(JSON.stringify(frame));
    return true;
  }

  /** @param {number} code close code */
  close(code) {
    this.#isLeft = true;
    this.#opened?.close(code);
  }

  /** @param {string} text */
  #received(text) {
    if (this.#isLeft) return;
    this.#on.sign();
    for (const frame of parse(text)) if (!this.#isLeft) this.#take(frame);
  }

  /** @param {ServerFrame} frame */
  #take(frame) {
    try {
      this.#on.frame(frame);
    } catch (error) {
      // One bad frame must not cost the ones after it.
      console.error("comments: a frame could not be used", frame, error);
    }
  }
}

/**
 * @param {string} text a frame, or a batch of them
 * @returns {ServerFrame[]}
 */
function parse(text) {
  try {
    const parsed = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch (error) {
    console.error("comments: a frame that is not JSON", error);
    return [];
  }
}
