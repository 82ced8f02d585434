import { Announcer } from "../../../comments/static/comments/js/page/announcer.js";
import { Header } from "../../../comments/static/comments/js/page/header.js";
import { Privacy } from "../../../comments/static/comments/js/page/privacy.js";
import { Typists } from "../../../comments/static/comments/js/page/typists.js";
import { FakeClock, equal, test } from "./harness.mjs";

const SECTION = `
  <h2 class="comments-title" tabindex="-1">Comments</h2>
  <span class="comments-count"></span><p class="comments-status"></p>
  <div class="people">
    <button class="people-button" hidden></button>
    <div class="people-panel" hidden>
      <ul class="people-list"></ul><input type="checkbox" data-shows="name"><input type="checkbox" data-shows="typing">
    </div>
  </div>
  <p><span class="comments-said"></span><span class="comments-typing"></span></p>
  <p class="comments-announcer"></p>
  <article id="comment-7"><p class="comment-actions"></p></article>`;
const BEN = { id: "u2", name: "Ben", parent: null };
const typing = (...users) => ({ users, count: users.length });

function header(storage = null) {
  const section = document.createElement("section");
  section.innerHTML = SECTION;
  document.body.replaceChildren(section);
  const clock = new FakeClock();
  const announcer = new Announcer(section, clock);
  const privacy = new Privacy(storage);
  const typists = new Typists((id) => section.querySelector(`#comment-${id}`));
  const it = new Header(section, { announcer, privacy, typists, clock });
  const part = (name) => section.querySelector(name);
  const text = (name) => part(name)?.textContent ?? null;
  const reading = (count, ...members) =>
    it.setPeople({ count, anonymous: count - members.length, members }, "u1");
  const shown = () => [text(".people-button"), text(".comments-typing")];
  return { it, clock, reading, shown, part, text, typists, privacy };
}

test("people are shown while the page is live, and those last heard of again when it is", () => {
  const { it, clock, reading, shown } = header();
  it.setStatus("live");
  reading(2);
  it.setTyping(typing(BEN), "u1");
  equal(shown(), ["2 reading", "Ben is typing…"]);
  it.setStatus("offline");
  clock.advance(2_000);
  equal(shown(), ["", ""]);
  it.setStatus("live");
  equal(shown(), ["2 reading", "Ben is typing…"]);
});

test("where questions serve nobody is shown, whatever a socket beside them says, until that one serves", () => {
  const { it, reading, shown } = header();
  it.setStatus("live");
  reading(2);
  it.setTyping(typing(BEN), "u1");
  it.setStatus("blind");
  equal(shown(), ["", ""]);
  it.setStatus("live");
  equal(shown(), ["", ""], "what was heard before is old:");
  it.setStatus("blind");
  reading(3);
  equal(shown(), ["", ""]);
  it.setStatus("live");
  equal(shown(), ["3 reading", ""]);
});

test("a connection that comes back within a moment is not told of again", () => {
  const { it, clock, part } = header();
  it.setStatus("live");
  const [told] = part(".comments-status").childNodes;
  it.setStatus("reconnecting");
  clock.advance(1_000);
  it.setStatus("live");
  clock.advance(9_000);
  equal([part(".comments-status").textContent, part(".comments-status").firstChild === told], ["Live", true]);
});

test("an absence is said aloud once, and so is its end", () => {
  const { it, clock, text } = header();
  it.setStatus("live");
  clock.advance(60_000);
  equal(text(".comments-announcer"), "");
  it.setStatus("reconnecting");
  clock.advance(8_000);
  equal(text(".comments-announcer"), "What you missed will be caught up.");
  it.welcomed(3);
  it.setStatus("live");
  it.arrived();
  it.reached(3);
  equal(text(".comments-said"), "Back, 1 comment caught up");
  clock.advance(7_000);
  equal(text(".comments-announcer"), "Back, 1 comment caught up.");
});

test("the same is said once, and what came in a moment together", () => {
  const section = document.createElement("section");
  section.innerHTML = SECTION;
  const clock = new FakeClock();
  const announcer = new Announcer(section, clock);
  const said = () => section.querySelector(".comments-announcer").textContent;
  announcer.say("news", "1 new comment");
  announcer.say("news", "2 new comments");
  announcer.say("connection", "Back, nothing was missed");
  clock.advance(1_000);
  equal(said(), "2 new comments. Back, nothing was missed.");
  announcer.say("news", "2 new comments");
  clock.advance(60_000);
  equal(said(), "2 new comments. Back, nothing was missed.");
  for (let n = 3; n < 100; n += 1) {
    announcer.say("news", `${n} new comments`);
    clock.advance(50);
  }
  equal(/^\d+ new comments\.$/.test(said()), true);
  clock.advance(6_000);
  equal(said(), "99 new comments.");
});

test("the list marks oneself and those who type, and is drawn only while it is open", () => {
  const { it, reading, part } = header();
  it.setStatus("live");
  reading(4, { id: "u1", name: "Anna" }, { id: "u2", name: "Ben" });
  equal(part(".people-list").children.length, 0);
  part(".people-button").click();
  it.setTyping(typing(BEN), "u1");
  const lines = [...part(".people-list").children].map((line) => [...line.childNodes].map((node) => node.textContent));
  equal(lines, [["A", "Anna", "you"], ["B", "Ben", "typing…"], ["2 readers without a name"]]);
});

test("who answers a comment is shown there, in the row that it has, also after it was drawn anew", () => {
  const { it, part, text, typists } = header();
  it.setStatus("live");
  it.setTyping(typing({ ...BEN, parent: "7" }, { id: "u1", name: "Anna", parent: "7" }), "u1");
  equal(text("#comment-7 .comment-typing"), "Ben is typing…");
  part("#comment-7 .comment-actions").replaceChildren();
  typists.draw();
  equal(text("#comment-7 .comment-typing"), "Ben is typing…");
  it.setTyping(null, "u1");
  equal(text("#comment-7 .comment-typing"), null);
});

test("who shows no name types unseen; the choice is kept, and holds without a storage", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const { privacy, part } = header(storage);
  const [name, types] = ["name", "typing"].map((what) => part(`[data-shows=${what}]`));
  equal([name.checked, types.checked, privacy.showsTyping], [true, true, true]);
  name.click();
  equal([privacy.showsName, privacy.showsTyping, types.disabled, types.checked], [false, false, true, false]);
  const later = new Privacy(storage);
  equal([later.showsName, later.showsTyping], [false, false]);
  later.set({ showsName: true, showsTyping: true });
  equal(new Privacy(storage).showsTyping, true);
  kept.set("comments:privacy", "junk");
  equal(new Privacy(storage).showsName, true);
});

test("the focus stays in the bar where the people in it go with the connection", () => {
  const { it, clock, reading, part } = header();
  it.setStatus("live");
  reading(2);
  part(".people-button").click();
  part("[data-shows=name]").focus();
  it.setStatus("offline");
  clock.advance(2_000);
  equal([part(".people-button").hidden, document.activeElement.className], [true, "comments-title"]);
});
