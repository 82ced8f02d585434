/** The writing side: who writes, the form, and what is on its way. */

import { newRef } from "../client/ref.js";
import { Begun } from "./begun.js";
import { Composer } from "./composer.js";
import { Drafts } from "./drafts.js";
import { Entries, RESEND_WITHIN } from "./entries.js";
import { namesHere } from "./mentions.js";
import { refusal } from "./refusals.js";
import { Sender } from "./sender.js";
import { Tab } from "./tab.js";
import { Unsent } from "./unsent.js";

/**
 * @import { Api } from "../client/api.js"
 * @import { ClientFrame, Person, User } from "../client/wire.js"
 * @import { History } from "../client/history.js"
 * @import { Store } from "../thread/store.js"
 * @import { Entry } from "../thread/types.js"
 * @import { Draft } from "./drafts.js"
 * @import { Announcer } from "./problems.js"
 *
 * @typedef {object} Line what this side needs of the connection
 * @property {(frame: ClientFrame) => boolean} send false: there is no socket
 * @property {"socket" | "http" | "none"} route by which comments go out now
 * @property {() => void} reopen connects anew, as whoever the cookies now say
 */

/** The page's cookies are gone: with a reload come new ones. */
const RELOAD = "Please reload the page. Your text is kept.";
const NO_COOKIES = "Your browser keeps no cookies for this site. Please allow them, to write under a name.";
/** Where the login leads back to. */
const FORM = "#comment-form";

export class Writing {
  /** @type {Person[]} with a name, who read now */
  #readers = [];
  /** Id of the member who wrote what is in the form, where that member was logged out meanwhile; else empty. */
  #former = "";

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
   * @param {Storage | null} parts.session the tab's own
   * @param {(id: string) => HTMLElement | null} parts.find the comment with this id in the document
   * @param {(move: () => void, element: Element | null) => void} parts.keepAnchor
   * @param {Announcer} parts.announcer
   * @param {() => void} parts.onChange
   */
  constructor(section, parts) {
    const { api, store, history, line, user, onChange, showsTyping = () => true } = parts;
    this.api = api;
    this.store = store;
    this.history = history;
    this.line = line;
    this.onChange = onChange;
    this.user = user;
    const { thread, storage, session } = parts;
    this.entries = new Entries({ thread, storage, now: Date.now });
    this.drafts = new Drafts({ thread, storage, now: Date.now, tab: new Tab({ session, locks: navigator.locks }) });
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
      onDraft: (draft) => this.#keep(draft),
      draftOf: (parent) => this.#begunIn(parent),
      preview: (content) => api.preview(content).then(({ html }) => html),
      names: () => namesHere(this.#readers, store.comments.values(), this.#author),
      keepAnchor: parts.keepAnchor,
      announcer: parts.announcer,
    });
    const { composer, drafts } = this;
    this.begun = new Begun({ composer, drafts, store, find: parts.find, member: () => this.#member });
    this.composer.name.setUser(user);
  }

  /** @param {User | null} user whoever the server says is here */
  setUser(user) {
    if (user?.id === this.user?.id && user?.name === this.user?.name) return;
    const before = this.#author;
    const writer = this.#writer;
    this.user = user;
    this.composer.name.setUser(user);
    if (before === this.#author) return;
    this.#takeEntries();
    this.#passOn(writer);
  }

  /**
   * Somebody else is here now. The next member at a machine must not see what the one before wrote; whoever was only
   * logged out may go on with it, and what nobody with an account wrote is theirs who logs in.
   * @param {string} writer id of the member who wrote what is in the form, or empty
   */
  #passOn(writer) {
    const { composer } = this;
    const { draft } = composer;
    const member = this.#member;
    this.#former = draft.content && !member ? writer : "";
    const staysTheirs = draft.content && (!member || writer === member);
    if (staysTheirs) return;
    if (draft.content && !writer) {
      const { content } = this.drafts.claim(member, draft);
      if (content !== draft.content) composer.restore(content);
      return;
    }
    composer.restore("");
    this.begun.show();
  }

  /** @param {Person[]} people with a name, who read now */
  setReaders(people) {
    this.#readers = people;
  }

  /** Takes back what was typed and not sent before the page was left. */
  async restore() {
    this.#takeEntries();
    addEventListener("pagehide", () => this.drafts.close());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#comeBack());
    await this.drafts.open(this.#member);
    const isLogin = this.begun.show();
    if (isLogin || location.hash === FORM) this.composer.focus();
    this.onChange();
  }

  /**
   * Moves the form beneath a comment, if it is here to be answered, and the focus into the form.
   * @param {string} id
   */
  answer(id) {
    if (this.begun.answer(id)) this.composer.focus();
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
      if (entry.parent) this.begun.answer(entry.parent);
      this.composer.take(entry.content);
      this.composer.focus();
    }
    this.#unsentChanged();
  }

  /** What is known of the thread has changed: lets go of what came back, and of what can't be answered any more. */
  settle() {
    this.begun.follow();
    if (this.unsent.settle(this.store).length === 0) return;
    this.entries.save(this.unsent.list());
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

  /** @returns {string} id of the member who is here; empty for somebody without an account */
  get #member() {
    return this.user && this.user.role !== "guest" ? this.user.id : "";
  }

  /** @returns {string} id of the member whose words are in the form; empty where nobody with an account wrote them */
  get #writer() {
    return this.#member || this.#former;
  }

  /** @param {Draft} draft */
  #keep(draft) {
    const isKept = this.drafts.save(this.#writer, draft);
    if (!draft.content.trim()) this.#former = "";
    return isKept;
  }

  #comeBack() {
    this.#former = "";
    return this.begun.takeOver();
  }

  /** @param {string | null} parent */
  #begunIn(parent) {
    this.#former = "";
    this.begun.mark();
    return this.drafts.of(this.#member, parent)?.content ?? "";
  }

  #takeEntries() {
    const guests = this.#member ? this.entries.ofGuests() : [];
    for (const entry of [...this.entries.of(this.#author), ...guests]) {
      if (this.unsent.get(entry.ref)) continue;
      this.unsent.add(entry);
      // One that is too old waits for its author's word.
      if (Date.now() - entry.at > RESEND_WITHIN) this.unsent.fail(entry.ref, { reason: "old" });
    }
  }

  /** @param {string} name */
  async #nameGuest(name) {
    const guest = await this.api.nameGuest(name).catch((error) => {
      throw error.reason === "forbidden" ? new Error(navigator.cookieEnabled ? RELOAD : NO_COOKIES) : error;
    });
    this.setUser(guest);
    this.composer.name.setUser(guest);
    this.line.reopen();
  }

  /** @param {Draft} text */
  #submit({ content, parent }) {
    const author = this.#author;
    if (author === null) {
      this.composer.refuse("Please log in to post it. Your text is kept here.");
      return false;
    }
    if (this.unsent.isFull()) {
      this.composer.refuse("There are many comments waiting to be sent. Please let them go first.");
      return false;
    }
    this.unsent.add({ ref: newRef(), content, parent, author, at: Date.now(), after: this.store.newest });
    this.sender.wake();
    this.#unsentChanged();
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
    this.entries.save(this.unsent.list());
    this.onChange();
  }
}
