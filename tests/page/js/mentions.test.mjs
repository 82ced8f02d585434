import { matching, mentionAt, namesHere } from "../../../comments/static/comments/js/writing/mentions.js";
import { equal, test } from "./harness.mjs";

test("an @ begins a name where it is no part of a word or an address", () => {
  const queries = [
    ["@", ""],
    ["Dear @ann", "ann"],
    ["(@Anna Ma", "Anna Ma"],
    ["«@Зо", "Зо"],
    ["one\n@two", "two"],
    ["me@example.org", null],
    ["https://example.org/@anna", null],
    ["@@", null],
    ["no name", null],
    ["@anna how are you today", null],
    ["", null],
  ];
  for (const [text, query] of queries) equal(mentionAt(text, text.length)?.query ?? null, query, text);
  equal(mentionAt("Dear @anna, hello", 8), { from: 5, query: "an" });
});

test("names match by the beginning of a word, in any case and with any accents", () => {
  const names = ["Maria Anna", "Ánna", "Johanna", "anne", "Ben"];
  equal(matching(names, "AN"), ["Ánna", "anne", "Maria Anna"]);
  equal(matching(names, "maria a"), ["Maria Anna"]);
  equal(matching(["Ben", "Ben B."], "ben "), ["Ben B."]);
  equal(matching(["a", "a1", "a2", "a3", "a4", "a5", "a6", "a7"], "a").length, 6);
});

test("the people here are those who read, then those who wrote, without oneself", () => {
  const readers = [{ id: "u1", name: "Anna" }, { id: "u2", name: "Ben" }];
  const comments = [{ user_id: "u3", user: "Zoë" }, { user_id: "u2", user: "Ben" }, { user_id: "", user: "" }];
  equal(namesHere(readers, comments, "u1"), ["Ben", "Zoë"]);
});
