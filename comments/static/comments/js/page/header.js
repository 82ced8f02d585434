/** The bar above the list: how many comments there are, how the connection is, who reads and who types. */

import { CLOCK, Timers } from "../client/clock.js";
import { Condition } from "./condition.js";
import { part, setText } from "../dom.js";
import { People } from "./people.js";
import { typingText } from "./presence.js";

/**
 * @import { Clock } from "../client/clock.js"
 * @import { Presence, Typing } from "../client/wire.js"
 * @import { Announcer } from "./announcer.js"
 * @import { Kind } from "./condition.js"
 * @import { Privacy } from "./privacy.js"
 * @import { Typists } from "./typists.js"
 */

export class Header {
  #condition = new Condition();
  /** Who reads and who types as last heard, which is shown while it is true. @type {Presence | null} */
  #presence = null;
  /** @type {Typing | null} */
  #typing = null;
  /** @type {string | null} id of the reader */
  #self = null;
  #clock;
  #timers;

  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Announcer} parts.announcer
   * @param {Privacy} parts.privacy
   * @param {Typists} parts.typists
   * @param {Clock} [parts.clock]
   */
  constructor(section, { announcer, privacy, typists, clock = CLOCK }) {
    this.status = part(section, ".comments-status");
    this.said = part(section, ".comments-said");
    this.typing = part(section, ".comments-typing");
    this.counter = part(section, ".comments-count");
    this.people = new People(section, privacy);
    this.announcer = announcer;
    this.typists = typists;
    this.#clock = clock;
    this.#timers = new Timers(clock);
    const network = () => {
      this.#condition.network(navigator.onLine, this.#clock.now());
      this.#look();
    };
    addEventListener("online", network);
    addEventListener("offline", network);
    network();
  }

  /**
   * @param {Kind} kind
   * @param {number | null} [code] close code, where the server wants no further attempt
   */
  setStatus(kind, code = null) {
    this.#condition.hear(kind, code, this.#clock.now());
    this.#look();
  }

  /** Something came from the server. */
  heard() {
    this.#condition.frame(this.#clock.now());
    this.#look();
  }

  /** @param {number} seq where the thread is, as the `welcome` of a new connection says */
  welcomed(seq) {
    this.#condition.welcomed(seq);
  }

  /** A comment of somebody else's came, live or by catching up. */
  arrived() {
    this.#condition.arrived();
  }

  /** @param {number} seq up to where everything is here */
  reached(seq) {
    this.#condition.reached(seq, this.#clock.now());
    this.#look();
  }

  /** @param {number} count */
  setCount(count) {
    setText(this.counter, count.toLocaleString("en"));
  }

  /**
   * @param {Presence} presence
   * @param {string | null} self id of the reader
   */
  setPeople(presence, self) {
    this.#presence = presence;
    this.#self = self;
    this.#drawPeople();
  }

  /**
   * @param {Typing | null} typing null: nobody does
   * @param {string | null} self id of the reader
   */
  setTyping(typing, self) {
    this.#typing = typing;
    this.#self = self;
    this.#drawTyping();
  }

  #look() {
    const before = this.#kind;
    const { kind, word, sentence, again } = this.#condition.look(this.#clock.now());
    if (again === null) this.#timers.clear("look");
    else this.#timers.set("look", again, () => this.#look());
    setText(this.status, word);
    if (this.said.textContent !== sentence) {
      setText(this.said, sentence);
      this.announcer.say("connection", sentence);
    }
    if (kind === null || kind === before) return;
    this.status.dataset.kind = kind === "blind" ? "live" : kind;
    // Other people read by the time that the page hears of them again. A connection that is only interrupted goes on
    // with what it has said.
    if (kind === "blind") {
      this.#presence = null;
      this.#typing = null;
    }
    this.#kind = kind;
    this.#drawPeople();
    this.#drawTyping();
  }

  /** @type {Kind | null} what is shown */
  #kind = null;

  #drawPeople() {
    this.people.show(this.#kind === "live" ? this.#presence : null, this.#self);
  }

  #drawTyping() {
    const typing = this.#kind === "live" ? this.#typing : null;
    const others = typing?.users.filter(({ id }) => id !== this.#self) ?? [];
    setText(this.typing, typing ? typingText(typing, this.#self) : "");
    this.people.showTyping(others);
    this.typists.show(others);
  }
}
