import { isBlank, tidy } from "../../../comments/static/comments/js/writing/text.js";
import { equal, test } from "./harness.mjs";

// The server's tests read the same file.
const TEXTS = await (await fetch("/tests/comments/texts.json")).json();

test("the page calls blank what the server calls blank, and nothing else", () => {
  equal(TEXTS.blank.filter((text) => !isBlank(text)), []);
  equal(TEXTS.visible.filter(isBlank), []);
});

test("a text loses the blank lines around it, and keeps its indent", () => {
  equal(TEXTS.tidied.map(([typed]) => tidy(typed)), TEXTS.tidied.map(([, tidied]) => tidied));
});

test("what the server can't store is not sent", () => {
  equal(tidy("a\0b\ud800"), "ab");
});
