/** How many people react to each comment, however the counts came. Pure state. */

/**
 * @import { Reactions } from "../client/wire.js"
 * @import { Comment } from "./types.js"
 */

export class Counts {
  /** The number up to which every change of the thread's reactions is here. */
  seq = 0;
  /** The highest number heard of. */
  head = 0;
  /** The number behind which every change is remembered, of comments that are here or not. */
  #from = 0;
  /** @type {Map<string, Reactions>} the newest by comment, of comments that are here or not */
  #newest = new Map();

  /**
   * @param {number | undefined} seq of a snapshot; what came before it is in its comments
   * @param {boolean} [isSameLife] whether the numbers are still the same: then what came since it was read counts
   */
  begin(seq = 0, isSameLife = false) {
    this.seq = seq;
    this.head = isSameLife ? Math.max(seq, this.head) : seq;
    this.#from = seq;
    if (!isSameLife) this.#newest = new Map();
  }

  /**
   * @param {number | undefined} seq of a page that was read a while ago
   * @returns {boolean} whether what it lacks is known here
   */
  reaches(seq = this.#from) {
    return seq >= this.#from;
  }

  /** @returns {boolean} whether changes are known to exist that are not here */
  get isBehind() {
    return this.head > this.seq;
  }

  /** @param {number | undefined} seq that the server says the thread's reactions have reached */
  hear(seq = 0) {
    this.head = Math.max(this.head, seq);
  }

  /**
   * Takes counts. Live ones come without a hole, but what was missed before them may still be on its way.
   * @param {Reactions} reactions
   * @param {{live?: boolean}} [options]
   */
  receive(reactions, { live = true } = {}) {
    const { id, reaction_seq } = reactions;
    if (live && !this.isBehind) this.seq = this.head = Math.max(this.seq, reaction_seq);
    const known = this.#newest.get(id);
    if (!known || known.reaction_seq < reaction_seq) this.#newest.set(id, reactions);
  }

  /** @param {{reaction_seq?: number, reactions?: Reactions[]}} answer of the history, which was asked after `seq` */
  catchUp({ reaction_seq = this.seq, reactions = [] }) {
    for (const each of reactions) this.receive(each, { live: false });
    this.seq = Math.max(this.seq, reaction_seq);
    this.head = Math.max(this.head, this.seq);
  }

  /**
   * @template {Comment} T
   * @param {T} comment
   * @returns {T} it, with the newest counts that are known
   */
  on(comment) {
    const known = this.#newest.get(comment.id);
    if (!known || (comment.reaction_seq ?? 0) >= known.reaction_seq) return comment;
    return { ...comment, reactions: known.counts, reaction_seq: known.reaction_seq };
  }
}
