import { Header } from "../../../comments/static/comments/js/page/header.js";
import { equal, test } from "./harness.mjs";

const PARTS = ["comments-status", "comments-typing", "people", "people-button", "people-list", "comments-count"];
const TYPING = { users: [{ id: "u2", name: "Ben" }], count: 1 };

function header() {
  const section = document.createElement("section");
  for (const name of PARTS) section.appendChild(document.createElement("div")).className = name;
  const it = new Header(section);
  const text = (name) => section.querySelector(name).textContent;
  const reading = (count) => it.setPeople({ count, anonymous: count, members: [] }, "u1");
  return { it, reading, shown: () => [text(".people-button"), text(".comments-typing")] };
}

test("people are shown while the page is live, and those last heard of again when it is", async () => {
  const { it, reading, shown } = header();
  it.setStatus("live");
  reading(2);
  it.setTyping(TYPING, "u1");
  equal(shown(), ["2 people reading", "Ben is typing…"]);
  const { setTimeout: later } = globalThis;
  globalThis.setTimeout = (action) => action();
  try {
    it.setStatus("offline");
  } finally {
    globalThis.setTimeout = later;
  }
  equal(shown(), ["", ""]);
  it.setStatus("live");
  equal(shown(), ["2 people reading", "Ben is typing…"]);
});

test("where questions serve nobody is shown, whatever a socket beside them says, until that one serves", () => {
  const { it, reading, shown } = header();
  it.setStatus("live");
  reading(2);
  it.setTyping(TYPING, "u1");
  it.setStatus("blind");
  equal(shown(), ["", ""]);
  it.setStatus("live");
  equal(shown(), ["", ""], "what was heard before is old:");
  it.setStatus("blind");
  reading(3);
  equal(shown(), ["", ""]);
  it.setStatus("live");
  equal(shown(), ["3 people reading", ""]);
});

test("a connection that comes back within a moment is not told of again", () => {
  const { it } = header();
  it.setStatus("live");
  const [told] = it.status.childNodes;
  it.setStatus("reconnecting");
  it.setStatus("live");
  equal([it.status.textContent, it.status.firstChild === told], ["Live", true]);
});
