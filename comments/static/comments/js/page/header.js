/** The lines around the list: how the connection is, who reads, who types, how many comments there are. */

import { setText } from "./article.js";
import { peopleLines, peopleText, typingText } from "./presence.js";

/** A blip shorter than this is nobody's concern. */
const BLIP = 1_500; // ms

export const STATUS = {
  live: "Live",
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  offline: "Offline — comments will catch up",
  off: "Live updates are off",
};

/** Close codes after which connecting again can't help, for the reader. */
const STOPPED = {
  4501: "This page is out of date. Please reload it.",
  4503: "This article is no longer here",
  4504: "Live updates are off: too many of your pages are open",
  4505: "You may not take part here",
};

export class Header {
  /** @param {HTMLElement} section */
  constructor(section) {
    const find = (selector) => section.querySelector(selector);
    this.status = find(".comments-status");
    this.typing = find(".comments-typing");
    this.button = find(".people-button");
    this.people = find(".people-list");
    this.counter = find(".comments-count");
    this.timer = null;
    /** The status to show, now or when BLIP is over. */
    this.said = null;
    /** Who reads and who types as last heard, which is shown while it is true. */
    this.presence = this.typed = null;
    this.isLive = false;
    this.seesPeople = true;
    this.listen(find(".people"));
  }

  listen(people) {
    this.button.addEventListener("click", () => this.disclose(this.people.hidden));
    people.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || this.people.hidden) return;
      this.disclose(false);
      this.button.focus();
    });
    document.addEventListener("click", ({ target }) => {
      if (!people.contains(target)) this.disclose(false);
    });
  }

  disclose(open) {
    this.people.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  /**
   * @param {keyof typeof STATUS} kind
   * @param {number | null} [code] close code, where the server wants no further attempt
   */
  setStatus(kind, code = null) {
    const text = STOPPED[code] ?? STATUS[kind];
    if (this.said === text) return;
    this.said = text;
    clearTimeout(this.timer);
    const show = () => {
      setText(this.status, text);
      this.status.dataset.kind = kind;
      this.isLive = kind === "live";
      this.draw();
    };
    if (kind === "live") show();
    else this.timer = setTimeout(show, BLIP);
  }

  /**
   * Whether what serves says who reads and who types. What was heard before it did not is forgotten: by the next time
   * others read. A connection that is only interrupted goes on with what it has said.
   */
  setSeesPeople(sees) {
    if (sees === this.seesPeople) return;
    this.seesPeople = sees;
    if (!sees) this.presence = this.typed = null;
    this.draw();
  }

  setCount(count) {
    setText(this.counter, String(count));
  }

  /** @param {object | null} presence its frame; null when nobody knows */
  setPeople(presence, self) {
    this.presence = presence && { presence, self };
    this.drawPeople();
  }

  /** @param {object | null} typing its frame */
  setTyping(typing, self) {
    this.typed = typing && { typing, self };
    this.drawTyping();
  }

  draw() {
    this.drawPeople();
    this.drawTyping();
  }

  get knowsPeople() {
    return this.isLive && this.seesPeople;
  }

  drawPeople() {
    const { presence, self } = (this.knowsPeople && this.presence) || {};
    const text = presence ? peopleText(presence.count) : "";
    this.button.hidden = !text;
    setText(this.button, text);
    if (!text) this.disclose(false);
    this.people.replaceChildren(
      ...(text ? peopleLines(presence, self) : []).map((line) => {
        const item = document.createElement("li");
        item.textContent = line;
        return item;
      }),
    );
  }

  drawTyping() {
    const { typing, self } = (this.knowsPeople && this.typed) || {};
    setText(this.typing, typing ? typingText(typing, self) : "");
  }
}
