/** What comes from the server, and what it changes on the page: its frames, and the state of the ways to it. */

import { BANNED } from "../client/codes.js";
import { isChange } from "../client/follower.js";
import { isComment } from "../thread/store.js";
import { setServerTime } from "./times.js";

/**
 * @import { Follower, Status } from "../client/follower.js"
 * @import { Verifier } from "../client/verifier.js"
 * @import { Change, Presence, ServerFrame, Welcome } from "../client/wire.js"
 * @import { History } from "../client/history.js"
 * @import { Writing } from "../writing/writing.js"
 * @import { Kind } from "./condition.js"
 * @import { Revision } from "./revision.js"
 * @import { Header } from "./header.js"
 */

export class Incoming {
  /** By which comments went out until now. */
  #route = "none";

  /**
   * @param {object} parts
   * @param {History} parts.history
   * @param {Header} parts.header
   * @param {Revision} parts.revision
   * @param {Writing} parts.writing
   * @param {Follower} parts.follower
   * @param {Verifier} parts.verifier
   * @param {() => void} parts.onChange
   */
  constructor({ history, header, revision, writing, follower, verifier, onChange }) {
    this.history = history;
    this.header = header;
    this.revision = revision;
    this.writing = writing;
    this.follower = follower;
    this.verifier = verifier;
    this.onChange = onChange;
  }

  /**
   * @param {ServerFrame} frame of which the store has what it needs
   * @param {boolean} serves whether its way is the one that serves; another one may be open beside it
   */
  received(frame, serves) {
    this.header.heard();
    if (isChange(frame)) this.#changed(frame);
    else if (frame.type === "reaction") this.onChange();
    else if (frame.type === "welcome") this.#welcomed(frame, serves);
    else if (frame.type === "subject") this.revision.told(frame);
    else if (frame.type === "presence") this.#met(frame);
    else if (frame.type === "typing") this.header.setTyping(frame, this.#self);
    else if (frame.type === "ack") this.writing.sender.acked(frame);
    else if (frame.type === "verified") this.verifier.heard(frame);
    else if (frame.type === "error") this.writing.sender.refused(frame);
  }

  /**
   * The store has taken a change, live or from the history.
   * @param {Change} change
   */
  applied(change) {
    if (change.type === "message" && change.version === 1 && change.user_id !== this.#self) this.header.arrived();
  }

  stateChanged() {
    const { sender } = this.writing;
    const { route, transport } = this.follower;
    if (this.#route === "socket" && route !== "socket") sender.lost();
    // Nothing will say what happens from now on: the page ends with what there is.
    if (transport.state.name === "stopped" && this.#route !== "http") this.history.catchUp();
    this.#route = route;
    if (transport.state.name === "stopped" && transport.state.code === BANNED) this.#banned();
    this.#showStatus();
    // A socket knows its author by its cookies: nothing is sent before its `welcome` has said who that is.
    if (route === "socket" ? transport.isProved : route === "http") sender.pump();
  }

  /** The network is back, or the page is looked at: a comment need not wait any longer to be sent. */
  hoped() {
    this.writing.sender.wake();
    this.#showStatus();
  }

  #banned() {
    this.writing.composer.ban();
    this.onChange();
  }

  get #self() {
    return this.writing.user?.id ?? null;
  }

  #showStatus() {
    const { status, transport } = this.follower;
    if (status) this.header.setStatus(shownAs(status, transport.seesPeople), status.code);
  }

  /** @param {Presence} frame */
  #met(frame) {
    this.header.setPeople(frame, this.#self);
    this.writing.setReaders(frame.members);
  }

  /** @param {Change} frame */
  #changed(frame) {
    if (frame.type === "message" && !isComment(frame)) console.error("comments: not a comment", frame);
    this.onChange();
  }

  /**
   * @param {Welcome} frame
   * @param {boolean} serves
   */
  #welcomed({ user, seq, subject, now }, serves) {
    if (now) setServerTime(now, Date.now());
    this.revision.told(subject);
    this.header.welcomed(seq);
    // The server names those who type to a newcomer, and says nothing where nobody does.
    if (serves) this.header.setTyping(null, null);
    this.writing.setUser(user);
    this.onChange();
    this.writing.sender.pump();
  }
}

/**
 * @param {Status} status
 * @param {boolean} seesPeople
 * @returns {Kind}
 */
function shownAs({ name }, seesPeople) {
  if (name === "live") return seesPeople ? "live" : "blind";
  return name === "degraded" || name === "stopped" ? "off" : name;
}
