/** The writing side: who writes, the form, and what is on its way. */

import { newRef } from "../client/ref.js";
import { isRemoved } from "../thread/tree.js";
import { Composer } from "./composer.js";
import { Drafts, RESEND_WITHIN } from "./drafts.js";
import { refusal } from "./refusals.js";
import { Sender } from "./sender.js";
import { Unsent } from "./unsent.js";

/**
 * @import { Api } from "../client/api.js"
 * @import { ClientFrame, User } from "../client/wire.js"
 * @import { History } from "../thread/history.js"
 * @import { Store } from "../thread/store.js"
 * @import { Entry } from "../thread/types.js"
 * @import { Draft } from "./drafts.js"
 *
 * @typedef {object} Line what this side needs of the connection
 * @property {(frame: ClientFrame) => boolean} send false: there is no socket
 * @property {"socket" | "http" | "none"} route by which comments go out now
 * @property {() => void} reopen connects anew, as whoever the cookies now say
 */

const GONE = {
  removed: "The comment you were answering was removed. Your text is still here.",
  away: "The comment you were answering is not on this page any more. Your text is still here.",
};

export class Writing {
  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Api} parts.api
   * @param {Store} parts.store
   * @param {History} parts.history
   * @param {Line} parts.line
   * @param {User | null} parts.user whoever the page was rendered for
   * @param {string} parts.thread id that outlives the thread's address
   * @param {number} parts.limit characters that a comment may have
   * @param {boolean} parts.takesGuests
   * @param {Storage | null} parts.storage
   * @param {() => boolean} [parts.showsTyping] whether others may see that somebody types here
   * @param {(id: string) => HTMLElement | null} parts.find the comment with this id in the document
   * @param {(move: () => void, element: Element | null) => void} parts.keepAnchor
   * @param {() => void} parts.onChange
   */
  constructor(section, parts) {
    const { api, store, history, line, user, onChange, showsTyping = () => true } = parts;
    this.api = api;
    this.store = store;
    this.history = history;
    this.line = line;
    this.find = parts.find;
    this.onChange = onChange;
    this.user = user;
    this.drafts = new Drafts({ thread: parts.thread, storage: parts.storage, now: Date.now });
    this.unsent = new Unsent();
    this.sender = new Sender({
      unsent: this.unsent,
      send: (frame) => line.send(frame),
      mayPost: () => line.route === "http",
      api,
      author: () => this.#author,
      onChange: () => this.#unsentChanged(),
      onPosted: (ref) => this.#posted(ref),
    });
    this.composer = new Composer(section, {
      limit: parts.limit,
      takesGuests: parts.takesGuests,
      onSubmit: (text) => this.#submit(text),
      onName: (name) => this.#nameGuest(name),
      onTyping: (on, parent) => showsTyping() && line.send({ type: "typing", on, parent }),
      onDraft: (draft) => this.drafts.saveDraft(this.#author, draft),
      keepAnchor: parts.keepAnchor,
    });
    this.composer.name.setUser(user);
  }

  /** @param {User | null} user whoever the server says is here */
  setUser(user) {
    if (user?.id === this.user?.id && user?.name === this.user?.name) return;
    const before = this.#author;
    this.user = user;
    this.composer.name.setUser(user);
    if (before === this.#author) return;
    const { draft } = this.composer;
    // Words written before their author had a name are that author's; another person's stay with them.
    if (before === null) this.drafts.saveDraft(null, { content: "", parent: null });
    this.restore();
    // Who is not logged in any more leaves nothing behind for the next one at this machine.
    if (draft.content && user) this.drafts.saveDraft(this.#author, draft);
  }

  /** Takes back what was typed and not sent before the page was left. */
  restore() {
    for (const entry of this.drafts.entries(this.#author)) {
      if (this.unsent.get(entry.ref)) continue;
      this.unsent.add(entry);
      // One that is too old waits for its author's word.
      if (Date.now() - entry.at > RESEND_WITHIN) this.unsent.fail(entry.ref, { reason: "old" });
    }
    const { content, parent } = this.drafts.draft(this.#author);
    const typed = this.composer.draft.content;
    // The browser may have restored the text by itself, but it does not know where the form stood.
    if (!content || (typed && typed !== content)) return;
    this.composer.restore(content);
    if (parent && !this.#answer(parent)) this.composer.refuse(GONE.away);
  }

  /**
   * Moves the form beneath a comment, if it is here to be answered, and the focus into the form.
   * @param {string} id
   */
  answer(id) {
    if (this.#answer(id)) this.composer.focus();
  }

  /**
   * @param {string} action "retry", "edit" or "discard"
   * @param {HTMLElement} article that shows the entry
   */
  act(action, article) {
    const entry = this.unsent.get(article.dataset.ref ?? "");
    if (!entry) return;
    if (action === "retry") this.#retry(entry, article);
    else this.unsent.discard(entry.ref);
    if (action === "edit") {
      if (entry.parent) this.answer(entry.parent);
      this.composer.take(entry.content);
    }
    this.#unsentChanged();
  }

  /** What is known of the thread has changed: lets go of what came back, and of what can't be answered any more. */
  settle() {
    this.#leaveWhatIsGone();
    if (this.unsent.settle(this.store).length === 0) return;
    this.drafts.saveEntries(this.unsent.list());
    // The live frame may have come without, or before, the ack that the next entry waits for.
    this.sender.pump();
  }

  /** The numbering is new, as after a restored backup: what is not among the comments may not be stored any more. */
  reset() {
    this.unsent.settle(this.store);
    this.unsent.sendAgain();
    this.sender.pump();
    this.#unsentChanged();
  }

  /** @returns {string | null} id of whoever writes */
  get #author() {
    return this.user?.id ?? null;
  }

  /** @param {string} name */
  async #nameGuest(name) {
    const guest = await this.api.nameGuest(name).catch((error) => {
      // The page's cookies are gone: with a reload come new ones.
      throw error.reason === "forbidden" ? new Error("Please reload the page. Your text is kept.") : error;
    });
    this.setUser(guest);
    this.composer.name.setUser(guest);
    this.line.reopen();
  }

  /**
   * @param {string} id
   * @returns {boolean} whether the comment is here to be answered
   */
  #answer(id) {
    const comment = this.store.comments.get(id);
    const article = this.find(id);
    if (!article || !comment || isRemoved(comment)) return false;
    this.composer.reply.answer(comment, article);
    return true;
  }

  /** @param {Draft} text */
  #submit({ content, parent }) {
    const author = this.#author;
    if (author === null) return false;
    if (this.unsent.isFull()) {
      this.composer.refuse("There are many comments waiting to be sent. Please let them go first.");
      return false;
    }
    this.unsent.add({ ref: newRef(), content, parent, author, at: Date.now(), after: this.store.newest });
    this.sender.wake();
    this.#unsentChanged();
    // It will stand among the newest, which are not in the list.
    if (this.store.detached && !parent) this.history.reset();
    return true;
  }

  /**
   * It was stored over HTTP, and that answer has no number: wherever the thread is afterwards, it has passed.
   * @param {string} ref
   */
  #posted(ref) {
    this.history.whenCurrent(() => {
      this.unsent.passed(ref, this.store.head);
      this.onChange();
    });
  }

  /**
   * @param {Entry} entry
   * @param {HTMLElement} article
   */
  #retry({ ref, error }, article) {
    this.unsent.retry(ref);
    article.focus({ preventScroll: true });
    // The page's connection is known as somebody who is logged out; its author may have logged in elsewhere.
    if (refusal(error).loggedOut) this.line.reopen();
    this.sender.wake();
  }

  #unsentChanged() {
    this.drafts.saveEntries(this.unsent.list());
    this.onChange();
  }

  /** Takes the form away from a comment that was removed, or is not loaded any more. */
  #leaveWhatIsGone() {
    const { reply } = this.composer;
    if (reply.parent === null) return;
    const answered = this.store.comments.get(reply.parent);
    // A form at home may answer a comment that this page never had.
    if (answered ? !isRemoved(answered) : reply.isHome) return;
    reply.goHome();
    if (this.composer.draft.content) this.composer.refuse(answered ? GONE.removed : GONE.away);
  }
}
