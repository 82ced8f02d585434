/** What comes from the server, and what it changes: its frames, and the state of the ways to it. */

import { isComment } from "../thread/store.js";

/**
 * @import { Change, ServerFrame, Welcome } from "../client/wire.js"
 * @import { History } from "../thread/history.js"
 * @import { Store } from "../thread/store.js"
 * @import { Writing } from "../writing/writing.js"
 * @import { Header } from "./header.js"
 * @import { Live } from "./live.js"
 */

export class Incoming {
  /** By which comments went out until now. */
  #route = "none";

  /**
   * @param {object} parts
   * @param {Store} parts.store
   * @param {History} parts.history
   * @param {Header} parts.header
   * @param {Writing} parts.writing
   * @param {Live} parts.live
   * @param {() => void} parts.onChange
   */
  constructor({ store, history, header, writing, live, onChange }) {
    this.store = store;
    this.history = history;
    this.header = header;
    this.writing = writing;
    this.live = live;
    this.onChange = onChange;
  }

  /**
   * @param {ServerFrame} frame
   * @param {boolean} serves whether its way is the one that serves; another one may be open beside it
   */
  received(frame, serves) {
    if (isChange(frame)) this.#changed(frame);
    else if (frame.type === "welcome") this.#welcomed(frame, serves);
    else if (frame.type === "pong") this.#compare(frame.epoch, frame.seq);
    else if (frame.type === "presence") this.header.setPeople(frame, this.#self);
    else if (frame.type === "typing") this.header.setTyping(frame, this.#self);
    else if (frame.type === "ack") this.writing.sender.acked(frame);
    else if (frame.type === "error") this.writing.sender.refused(frame);
  }

  stateChanged() {
    const { sender } = this.writing;
    const { route, isSure, isStopped } = this.live;
    if (this.#route === "socket" && route !== "socket") sender.lost();
    // Nothing will say what happens from now on: the page ends with what there is.
    if (isStopped && this.#route !== "http") this.history.catchUp();
    this.#route = route;
    this.#showStatus();
    if (isSure) sender.pump();
  }

  /** The network is back, or the page is looked at: a comment need not wait any longer to be sent. */
  hoped() {
    this.writing.sender.wake();
    this.#showStatus();
  }

  get #self() {
    return this.writing.user?.id ?? null;
  }

  #showStatus() {
    const { status } = this.live;
    if (status) this.header.setStatus(status.status, status.code);
  }

  /** @param {Change} frame */
  #changed(frame) {
    if (frame.type === "message" && !isComment(frame)) console.error("comments: not a comment", frame);
    if (this.store.receive(frame) === "gap") this.history.missed();
    this.onChange();
  }

  /**
   * @param {Welcome} frame
   * @param {boolean} serves
   */
  #welcomed({ epoch, seq, user, policy }, serves) {
    // The server names those who type to a newcomer, and says nothing where nobody does.
    if (serves) this.header.setTyping(null, null);
    this.writing.setUser(user);
    if (seq >= this.store.seq) this.store.policy = policy ?? this.store.policy;
    this.#compare(epoch, seq);
    this.onChange();
    this.writing.sender.pump();
  }

  /**
   * @param {string} epoch
   * @param {number} seq
   */
  #compare(epoch, seq) {
    const position = this.store.hear(epoch, seq);
    if (position === "reset") this.history.reset();
    else if (position === "behind") this.history.catchUp();
  }
}

/**
 * @param {ServerFrame} frame
 * @returns {frame is Change}
 */
function isChange(frame) {
  return "seq" in frame && "prev" in frame && typeof frame.seq === "number" && typeof frame.prev === "number";
}
