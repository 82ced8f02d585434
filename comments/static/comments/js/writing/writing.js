/** The writing side: who writes, the form, and what is on its way. */

import { Composer } from "./composer.js";
import { Drafts, RESEND_WITHIN } from "./drafts.js";
import { Outbox } from "./unsent.js";
import { newRef, readUser, storage } from "../page/page.js";
import { LOGGED_OUT } from "./refusals.js";
import { Sender } from "./sender.js";
import { isRemoved } from "../thread/tree.js";

const GONE = {
  removed: "The comment you were answering was removed. Your text is still here.",
  away: "The comment you were answering is not on this page any more. Your text is still here.",
};

export class Writing {
  /**
   * @param {HTMLElement} element the section
   * @param {object} parts
   * @param {import("../client/api.js").Api} parts.api
   * @param {import("../thread/store.js").Store} parts.store
   * @param {import("../thread/history.js").History} parts.history
   * @param {import("../page/view.js").View} parts.view
   * @param {import("../page/live.js").Live} parts.live
   * @param {() => void} parts.onChange
   */
  constructor(element, { api, store, history, view, live, onChange }) {
    Object.assign(this, { api, store, history, view, live, onChange });
    this.user = readUser(element.dataset);
    this.drafts = new Drafts({ slug: element.dataset.slug, storage: storage(), now: Date.now });
    this.outbox = new Outbox();
    this.sender = new Sender({
      outbox: this.outbox,
      send: (frame) => live.send(frame),
      api,
      author: () => this.author,
      onChange: () => this.outboxChanged(),
      onPosted: (ref) => this.posted(ref),
    });
    this.composer = new Composer(element, {
      onSubmit: (text) => this.submit(text),
      onName: (name) => this.nameGuest(name),
      onTyping: (on, parent) => live.send({ type: "typing", on, parent }),
      onDraft: (draft) => this.drafts.saveDraft(this.author, draft),
      keepPlace: (move, article) => view.place.keep(move, article),
    });
    this.composer.setUser(this.user);
  }

  /** @returns {string | null} id of whoever writes */
  get author() {
    return this.user?.id ?? null;
  }

  // Who writes

  setUser(user) {
    if (user?.id === this.user?.id && user?.name === this.user?.name) return;
    const before = this.author;
    this.user = user;
    this.composer.setUser(user);
    if (before === this.author) return;
    const draft = { content: this.composer.content, parent: this.composer.parent };
    // Words written before their author had a name are that author's; another person's stay with them.
    if (before === null) this.drafts.saveDraft(null, { content: "", parent: null });
    this.restore();
    // Who is not logged in any more leaves nothing behind for the next one at this machine.
    if (draft.content && user) this.drafts.saveDraft(this.author, draft);
  }

  async nameGuest(name) {
    const guest = await this.api.nameGuest(name).catch((error) => {
      // The page's cookies are gone: with a reload come new ones.
      if (error.reason === "forbidden") error.message = "Please reload the page. Your text is kept.";
      throw error;
    });
    this.setUser(guest);
    this.composer.setUser(guest);
    this.live.reopen();
  }

  /** Takes back what was typed and not sent before the page was left. */
  restore() {
    for (const entry of this.drafts.entries(this.author)) {
      if (this.outbox.get(entry.ref)) continue;
      this.outbox.restore(entry, Date.now() - entry.at > RESEND_WITHIN);
    }
    const { content, parent } = this.drafts.draft(this.author);
    // The browser may have restored the text by itself, but it does not know where the form stood.
    if (!content || (this.composer.content && this.composer.content !== content)) return;
    this.composer.restore(content);
    if (parent && !this.answer(parent, { focus: false })) this.composer.refuse(GONE.away);
  }

  // What is written

  /**
   * Moves the form beneath a comment, if it is here to be answered.
   * @returns {boolean} whether it is
   */
  answer(id, options) {
    const comment = this.store.comments.get(id);
    const article = this.view.find(id);
    if (!article || !comment || isRemoved(comment)) return false;
    this.composer.replyTo(comment, article, options);
    return true;
  }

  submit({ content, parent }) {
    if (this.outbox.isFull()) {
      this.composer.refuse("There are many comments waiting to be sent. Please let them go first.");
      return false;
    }
    this.outbox.add({ ref: newRef(), content, parent, author: this.user.id, at: Date.now(), after: this.store.newest });
    this.sender.wake();
    this.outboxChanged();
    // It will stand among the newest, which are not in the list.
    if (this.store.detached && !parent) this.history.reset();
    return true;
  }

  /** It was stored over HTTP, and that answer has no number: wherever the thread is afterwards, it has passed. */
  posted(ref) {
    this.history.whenCurrent(() => {
      this.outbox.passed(ref, this.store.head);
      this.onChange();
    });
  }

  /** @param {"retry" | "edit" | "discard"} action of the entry shown by the article */
  act(action, article) {
    const entry = this.outbox.get(article.dataset.ref);
    if (!entry) return;
    if (action === "retry") this.retry(entry, article);
    else this.outbox.discard(entry.ref);
    if (action === "edit") {
      this.answer(entry.parent);
      this.composer.take(entry.content);
    }
    this.outboxChanged();
  }

  retry({ ref, error }, article) {
    this.outbox.retry(ref);
    article.focus({ preventScroll: true });
    // The page's connection is known as somebody who is logged out; its author may have logged in elsewhere.
    if (LOGGED_OUT.has(error?.reason)) this.live.reopen();
    this.sender.wake();
  }

  outboxChanged() {
    this.drafts.saveEntries(this.outbox.list());
    this.onChange();
  }

  /** Lets go of what has come back from the server. */
  settle() {
    if (this.outbox.settle(this.store).length === 0) return;
    this.drafts.saveEntries(this.outbox.list());
    // The live frame may have come without, or before, the ack that the next entry waits for.
    this.sender.pump();
  }

  /** The numbering is new, as after a restored backup: what is not among the comments may not be stored any more. */
  startOver() {
    this.outbox.settle(this.store);
    this.outbox.sendAgain();
    this.sender.pump();
    this.outboxChanged();
  }

  // The form's place

  /** Takes the form away from what can't be answered any more. */
  keepForm() {
    const answered = this.store.comments.get(this.composer.parent);
    if (answered && isRemoved(answered)) this.leave(GONE.removed);
  }

  /** @param {HTMLElement} node of a comment that leaves the list */
  beforeRemove(node) {
    if (node.querySelector(":scope > .composer")) this.leave(GONE.away);
  }

  leave(sentence) {
    this.composer.goHome();
    if (this.composer.content) this.composer.refuse(sentence);
  }
}
