/** Who is here: the number in the bar, the list behind it, and what the reader lets others see. */

import { make, part, passFocus, setText } from "../dom.js";
import { newInitial } from "./person.js";
import { peopleRest, peopleText } from "./presence.js";

/**
 * @import { Person, Presence, Typist } from "../client/wire.js"
 * @import { Privacy } from "./privacy.js"
 */

export class People {
  /** @type {Presence | null} as last heard; null: nobody is to be shown */
  #presence = null;
  /** @type {string | null} */
  #self = null;
  /** @type {Set<string>} ids of those who type */
  #typists = new Set();

  /**
   * @param {HTMLElement} section
   * @param {Privacy} privacy
   */
  constructor(section, privacy) {
    this.button = part(section, ".people-button");
    this.panel = part(section, ".people-panel");
    this.list = part(section, ".people-list");
    this.place = part(section, ".people");
    this.title = part(section, ".comments-title");
    this.#listen(this.place);
    this.#offerPrivacy(privacy);
  }

  /**
   * @param {Presence | null} presence
   * @param {string | null} self id of the reader
   */
  show(presence, self) {
    this.#presence = presence;
    this.#self = self;
    this.#draw();
  }

  /** @param {Typist[]} typists */
  showTyping(typists) {
    this.#typists = new Set(typists.map(({ id }) => id));
    if (!this.panel.hidden) this.#draw();
  }

  #draw() {
    const text = peopleText(this.#presence?.count ?? 0);
    // Nobody is shown while the connection is away: the focus stays in the bar.
    if (!text) passFocus(this.place, this.title);
    this.button.hidden = !text;
    setText(this.button, text);
    if (!text) this.#disclose(false);
    if (this.panel.hidden || !this.#presence) return;
    const members = this.#presence.members.map((person) => this.#line(person));
    const rest = peopleRest(this.#presence).map((words) => make("li", {}, words));
    this.list.replaceChildren(...members, ...rest);
  }

  /** @param {Person} person */
  #line(person) {
    const line = make("li", {}, newInitial(person), make("bdi", {}, person.name));
    if (person.id === this.#self) line.append(markOf("you"));
    if (this.#typists.has(person.id)) line.append(markOf("typing…"));
    return line;
  }

  /** @param {HTMLElement} people */
  #listen(people) {
    this.button.addEventListener("click", () => this.#disclose(Boolean(this.panel.hidden)));
    people.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || this.panel.hidden) return;
      this.#disclose(false);
      this.button.focus();
    });
    document.addEventListener("click", ({ target }) => {
      if (target instanceof Node && !people.contains(target)) this.#disclose(false);
    });
    people.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !people.contains(relatedTarget)) this.#disclose(false);
    });
  }

  /** @param {boolean} open */
  #disclose(open) {
    if (this.panel.hidden === !open) return;
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.#draw();
  }

  /** @param {Privacy} privacy */
  #offerPrivacy(privacy) {
    const name = part(this.panel, "[data-shows=name]", HTMLInputElement);
    const typing = part(this.panel, "[data-shows=typing]", HTMLInputElement);
    const show = () => {
      name.checked = privacy.showsName;
      typing.checked = privacy.showsTyping;
      typing.disabled = !privacy.showsName;
    };
    this.panel.addEventListener("change", () => privacy.set({ showsName: name.checked, showsTyping: typing.checked }));
    privacy.onChange(show);
    show();
  }
}

/** @param {string} text */
const markOf = (text) => make("span", { className: "people-mark" }, text);
