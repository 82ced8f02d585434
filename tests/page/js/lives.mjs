/** Random lives of a page that asks, after everything that reaches it, whether it is right. */

import { compareAge } from "../../../comments/static/comments/js/thread/age.js";
import { crc32, shownOf } from "../../../comments/static/comments/js/thread/digest.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { randomOf } from "./harness.mjs";
import { Thread } from "./thread.mjs";
import { anyChange, anyLoad, anyPage, pick } from "./windows.mjs";

export const STEPS = 40;
const SORTS = ["newest", "oldest", "top"];
const EMOJIS = ["👍", "❤️", "😄"];

/** As comments/verification.py answers. */
export function verify(thread, { epoch, seq, digest, windows, reactions }) {
  if (epoch !== thread.epoch || seq > thread.seq) return false;
  const isIn = (row) => windows.some((window) => isWithin(row, window));
  const rows = [...thread.rows.values()].filter(isIn).sort(compareAge);
  if (rows.some((row) => row.seq > seq)) return null;
  const visible = rows.filter(({ status }) => status === "visible");
  if (crc32(visible.map(({ id, version }) => `${id}:${version};`).join("")) !== digest) return false;
  if (visible.some(({ reaction_seq = 0 }) => reaction_seq > reactions.seq)) return null;
  return crc32(visible.map(countsText).join("")) === reactions.digest;
}

function countsText({ id, reactions = {} }) {
  const kinds = Object.entries(reactions).sort(([a], [b]) => (a < b ? -1 : 1));
  return kinds.length > 0 ? `${id}:${kinds.map(([emoji, count]) => `${emoji} ${count}`).join(",")};` : "";
}

function isWithin({ id, root }, window) {
  const { first = id, last = id } = window;
  return (root ?? null) === (window.root ?? null) && compareAge({ id }, { id: first }) >= 0 && compareAge({ id }, { id: last }) <= 0;
}

/** A page, its thread, and all that is on its way from one to the other. */
export class Life {
  #late = []; // what may come in any order, or never
  #counts = []; // frames of reactions, which one connection brings in their order
  #told = 0; // up to which of them this connection was told

  constructor(random, sort) {
    this.random = random;
    this.thread = new Thread();
    for (let n = 0; n < 15; n += 1) this.happen();
    this.store = new Store(anyPage(this.thread, random, sort));
    this.#connect();
  }

  /** Something happens in the thread. */
  happen() {
    const visible = this.thread.visible();
    const isReaction = this.random() < 0.4 && visible.length > 0;
    if (!isReaction) return anyChange(this.thread, this.random);
    this.thread.react(pick(this.random, visible).id, pick(this.random, EMOJIS), this.random() < 0.7 ? 1 : -1);
    return null;
  }

  step() {
    const { random, store, thread } = this;
    if (random() < 0.3) this.#bring(anyLoad(store, thread, random));
    const frame = this.happen();
    if (frame) this.#bring(() => store.receive(frame));
    if (random() < 0.4) this.#tell();
    if (random() < 0.1) this.#connect();
    if (random() < 0.4) this.#counts.splice(0, 1 + Math.floor(random() * 3)).forEach((one) => store.react(one));
    if (random() < 0.3) this.#late.splice(0).reverse().forEach((arrive) => arrive());
    if (random() < 0.3) this.#bring(this.#history());
    if (random() < 0.05) this.#bring(this.#snapshot());
    if (random() < 0.1) store.trim(pick(random, [null, ...store.comments.keys()]), 3 + Math.floor(random() * 8));
  }

  /** Lets something arrive now, or later. */
  #bring(arrive) {
    if (arrive && this.random() < 0.3) this.#late.push(arrive);
    else arrive?.();
  }

  #tell() {
    const { reactions, reaction_seq } = this.thread.reactionsAfter(this.#told);
    this.#told = reaction_seq;
    this.#counts.push(...reactions);
  }

  /** What was on its way in the connection before is lost. */
  #connect() {
    this.#counts = [];
    this.#told = this.thread.reactionSeq;
    this.store.hear(this.thread.epoch, this.store.seq, this.#told);
  }

  #history() {
    const answer = this.thread.history(this.store.seq, 3, this.store.counts.seq);
    return () => this.store.applyHistory(answer);
  }

  #snapshot() {
    const page = anyPage(this.thread, this.random, this.store.sort);
    return () => this.store.loadSnapshot(page);
  }
}

/**
 * Lives a number of lives in every sort.
 * @returns {{steps: number, same: number, alarms: string[]}} how often it was asked, and how often something was said
 */
export function liveAll({ from = 1, lives }) {
  const told = { steps: 0, same: 0, alarms: [] };
  for (const sort of SORTS) {
    for (let seed = from; seed < from + lives; seed += 1) {
      const life = new Life(randomOf(seed), sort);
      for (let n = 0; n < STEPS; n += 1) {
        life.step();
        const shown = shownOf(life.store);
        const same = shown && verify(life.thread, shown);
        told.steps += 1;
        if (same === true) told.same += 1;
        if (same === false) told.alarms.push(`${sort}, seed ${seed}, step ${n}`);
      }
    }
  }
  return told;
}
