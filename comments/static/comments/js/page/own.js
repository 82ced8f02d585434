/** What a reader may do with a comment that exists: its reactions, its menu, and what the menu offers. */

import { CommentCalls } from "../client/own.js";
import { Deleting } from "./deleting.js";
import { part, presentOf } from "../dom.js";
import { showFormer } from "./former.js";
import { Ignoring } from "./ignoring.js";
import { Menu } from "./menu.js";
import { Reactions } from "./reactions.js";
import { refusalText, sayingAt } from "./saying.js";
import { serverNow } from "./times.js";

/**
 * @import { Api } from "../client/api.js"
 * @import { User } from "../client/wire.js"
 * @import { Store } from "../thread/store.js"
 * @import { StoredComment } from "../thread/types.js"
 * @import { Announcer } from "./announcer.js"
 * @import { Editing } from "./editing.js"
 * @import { View } from "./view.js"
 * @import { MenuItem } from "./menu.js"
 */

const SECOND = 1_000; // ms

export class Own {
  /** @type {WeakMap<HTMLElement, {comment: StoredComment, turn: number}>} what each comment shows of all this */
  #shown = new WeakMap();
  /** Grows with what the reader does here. */
  #turn = 0;
  /** @type {Editing | null} loaded when somebody edits for the first time */
  #editing = null;

  /**
   * @param {HTMLElement} section
   * @param {object} parts
   * @param {Api} parts.api
   * @param {Store} parts.store
   * @param {View} parts.view
   * @param {Announcer} parts.announcer
   * @param {Storage | null} parts.storage
   * @param {() => User | null} parts.user
   * @param {() => void} parts.onChange
   */
  constructor(section, { api, store, view, announcer, storage, user, onChange }) {
    const { editWindow, undoWindow, reactions } = section.dataset;
    const calls = (this.calls = new CommentCalls(api));
    const find = (/** @type {string} */ id) => view.find(id);
    const say = (this.say = sayingAt(find, announcer));
    const keepAnchor = view.anchor.keep.bind(view.anchor);
    const changed = () => {
      this.#turn += 1;
      onChange();
    };
    this.store = store;
    this.user = user;
    this.ignoring = new Ignoring(storage, user(), changed);
    this.reactions = new Reactions({
      kinds: (reactions ?? "").split(" ").filter(Boolean),
      calls,
      // An answer over HTTP says nothing of what others did before it.
      onCounted: (counted) => store.react(counted, { live: false }),
      onChange: changed,
      mayReact: () => user() !== null,
      say,
    });
    this.editor = {
      section,
      calls,
      endOf: (/** @type {HTMLElement} */ { dataset }) => Date.parse(dataset.timestamp ?? "") + Number(editWindow) * SECOND,
      now: serverNow,
      refusalText,
      self: () => user()?.id ?? null,
      keepAnchor,
      announcer,
      say,
    };
    this.deleting = new Deleting({ calls, window: Number(undoWindow), keepAnchor, find, say });
    this.menu = new Menu(part(section, ".comments-body"), (article) => this.#items(article), () => view.anchor.looked());
  }

  /**
   * Called for each comment at each drawing.
   * @param {HTMLElement} article
   * @param {StoredComment} comment
   */
  adorn(article, comment) {
    const shown = this.#shown.get(article);
    if (shown?.comment === comment && shown.turn === this.#turn) return;
    this.#shown.set(article, { comment, turn: this.#turn });
    this.#editing?.adorn(article, comment);
    this.deleting.adorn(comment);
    if (comment.status !== "visible") return;
    this.menu.adorn(article);
    this.reactions.adorn(article, comment);
    this.ignoring.adorn(article, comment);
  }

  /**
   * @param {Element} target
   * @param {HTMLElement} article
   * @returns {boolean} whether that was meant
   */
  pressed(target, article) {
    const parts = [this.menu, this.reactions, this.ignoring];
    return parts.some((each) => each.pressed(target, article));
  }

  /** The reader is somebody else now: nothing of the one before is theirs. */
  userChanged() {
    this.#turn += 1;
    this.store.disown();
    this.reactions.forget();
    this.ignoring.setUser(this.user());
    this.#editing?.userChanged();
    this.menu.close({ back: true });
  }

  /** @param {HTMLElement} article */
  #items(article) {
    const { userId = "", role } = article.dataset;
    const user = this.user();
    const isOwn = user !== null && userId === user.id;
    const isEdited = article.querySelector(".comment-edited") !== null;
    /** @type {(MenuItem & {if: boolean})[]} */
    const items = [
      { if: isOwn && this.#takesEdits(article), name: "Edit", run: (at) => this.#edit(at) },
      { if: isOwn, name: "Delete", run: (at) => this.deleting.start(at) },
      { if: true, name: "Copy link", run: ({ dataset }) => this.#copyLink(dataset.id ?? "") },
      { if: "share" in navigator, name: "Share", run: ({ dataset }) => this.#share(dataset.id ?? "") },
      { if: isEdited && (isOwn || user?.role === "moderator"), name: "Former texts", run: (at) => this.#showFormer(at) },
      {
        if: !isOwn && role !== "moderator",
        name: this.ignoring.has(userId) ? "Stop ignoring" : "Ignore this person",
        run: () => this.ignoring.toggle(userId),
      },
    ];
    return items.filter((item) => item.if);
  }

  /** @param {HTMLElement} article */
  #takesEdits(article) {
    return this.store.policy !== "closed" && this.editor.endOf(article) > serverNow();
  }

  /** @param {HTMLElement} article */
  async #edit(article) {
    try {
      const { Editing } = await import("./editing.js");
      this.#editing ??= new Editing(this.editor);
      this.#editing.start(presentOf(article) ?? article);
    } catch (error) {
      this.say(article.dataset.id ?? "", refusalText(error));
    }
  }

  /** @param {string} id */
  async #copyLink(id) {
    try {
      await navigator.clipboard.writeText(linkTo(id));
      this.say(id, "The link was copied.");
    } catch {
      this.say(id, linkTo(id));
    }
  }

  /** @param {string} id */
  async #share(id) {
    try {
      await navigator.share({ title: document.title, url: linkTo(id) });
    } catch (error) {
      // Whoever closes the browser's own dialog has shared nothing, and knows it.
      if (!(error instanceof DOMException && error.name === "AbortError")) this.#copyLink(id);
    }
  }

  /** @param {HTMLElement} article */
  async #showFormer(article) {
    const { id = "" } = article.dataset;
    try {
      const { results } = await this.calls.revisions(id);
      const here = presentOf(article);
      if (here) showFormer(here, results);
    } catch (error) {
      this.say(id, refusalText(error));
    }
  }
}

/** @param {string} id */
function linkTo(id) {
  const { origin, pathname } = location;
  return `${origin}${pathname}#comment-${id}`;
}
