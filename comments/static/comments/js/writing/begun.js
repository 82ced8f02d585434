/** What is being written, in its place: a draft that was kept, and the comment that is answered. */

import { make } from "../dom.js";
import { isRemoved } from "../thread/tree.js";
import { joined } from "./drafts.js";

/**
 * @import { Store } from "../thread/store.js"
 * @import { Composer } from "./composer.js"
 * @import { Drafts, KeptDraft } from "./drafts.js"
 */

const CHANGED = "The comment you are answering was changed.";
const REMOVED = "The comment you were answering was removed. Your text is still here.";

export class Begun {
  /**
   * @param {object} parts
   * @param {Composer} parts.composer
   * @param {Drafts} parts.drafts
   * @param {Store} parts.store
   * @param {(id: string) => HTMLElement | null} parts.find the comment with this id in the document
   * @param {() => string} parts.member id of the member who is here; empty for somebody without an account
   */
  constructor({ composer, drafts, store, find, member }) {
    this.composer = composer;
    this.drafts = drafts;
    this.store = store;
    this.find = find;
    this.member = member;
  }

  /**
   * Shows what was written last in this tab, where nothing else is in the form.
   * @returns {boolean} whether somebody typed it who has logged in since
   */
  show() {
    const member = this.member();
    const draft = this.drafts.latest(member);
    const typed = this.composer.draft.content;
    // The browser may have restored the text by itself, but it does not know where the form stood.
    if (!draft || (typed && typed !== draft.content)) return false;
    const isLogin = !draft.owner && member !== "";
    const { content, parent, to = "", version } = isLogin ? this.drafts.claim(member, draft) : draft;
    if (parent === null) {
      if (this.composer.reply.parent !== null) this.composer.reply.goHome();
      this.composer.restore(content);
    } else if (!this.answer(parent)) this.composer.reply.answer({ id: parent, user: to, version }, null);
    return isLogin;
  }

  /** Somebody came back to a page that the browser kept: in this tab, other pages may have written on. */
  async takeOver() {
    await this.drafts.open(this.member());
    this.composer.restore("");
    this.show();
  }

  /**
   * Moves the form beneath a comment.
   * @param {string} id
   * @returns {boolean} whether the comment is here to be answered
   */
  answer(id) {
    const comment = this.store.comments.get(id);
    const article = this.find(id);
    if (!article || !comment || isRemoved(comment)) return false;
    const version = this.drafts.of(this.member(), id)?.version ?? comment.version;
    this.composer.reply.answer({ id, user: comment.user, version }, article);
    return true;
  }

  /** Marks the ways to answer those comments beneath which a draft waits. The one in the form is in sight. */
  mark() {
    const isAway = (/** @type {KeptDraft} */ { parent }) => parent && parent !== this.composer.reply.parent;
    const waiting = this.drafts.list(this.member()).filter(isAway);
    const links = waiting.map(({ parent }) => this.find(parent ?? "")?.querySelector(".comment-reply"));
    for (const mark of document.querySelectorAll(".comment-draft")) if (!links.includes(mark.parentElement)) mark.remove();
    for (const link of links) {
      if (!link?.querySelector(".comment-draft")) link?.append(make("span", { className: "comment-draft" }, " · draft"));
    }
  }

  /** What is known of the thread has changed: says what became of the comments that are being answered. */
  follow() {
    for (const draft of this.drafts.list(this.member())) if (this.#isGone(draft.parent)) this.#leaveRemoved(draft);
    const { reply, note } = this.composer;
    const { answered } = reply;
    if (answered === null) return;
    const comment = this.store.comments.get(answered.id);
    if (!comment) {
      if (!reply.isHome) reply.leave();
    } else if (isRemoved(comment)) {
      reply.goHome();
    } else if ((answered.version ?? comment.version) < comment.version) {
      note.say("parent", CHANGED, { href: `#comment-${comment.id}`, text: "Read it again" });
    }
  }

  /** @param {string | null} id */
  #isGone(id) {
    const comment = id === null ? null : this.store.comments.get(id);
    return Boolean(comment && isRemoved(comment));
  }

  /**
   * What was written below a comment that was removed goes on as a comment of its own.
   * @param {KeptDraft} draft
   */
  #leaveRemoved(draft) {
    const { composer } = this;
    this.drafts.save(draft.owner, { ...draft, content: "" });
    if (composer.reply.parent === draft.parent) composer.reply.goHome();
    if (composer.reply.parent !== null) {
      const begun = this.drafts.of(this.member(), null)?.content ?? "";
      this.drafts.save(this.member(), { content: joined(begun, draft.content), parent: null });
      return;
    }
    composer.take(draft.content);
    composer.refuse(REMOVED);
  }
}
