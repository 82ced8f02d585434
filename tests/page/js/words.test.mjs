import { isLong } from "../../../comments/static/comments/js/page/folding.js";
import { hueOf, initialOf } from "../../../comments/static/comments/js/page/person.js";
import { peopleRest, peopleText, typingText } from "../../../comments/static/comments/js/page/presence.js";
import { ago, serverNow, setServerTime } from "../../../comments/static/comments/js/page/times.js";
import { equal, test } from "./harness.mjs";

const person = (name) => ({ id: name.toLowerCase(), name });

test("how many read", () => {
  equal([0, 1, 5].map(peopleText), ["", "1 reading", "5 reading"]);
});

test("who reads besides those who are named", () => {
  const rest = peopleRest({ count: 9, anonymous: 2, members: [person("Anna"), person("Ben")] });
  equal(rest, ["5 others with a name", "2 readers without a name"]);
  equal(peopleRest({ count: 1, anonymous: 1, members: [] }), ["1 reader without a name"]);
});

test("initials and their colours are those of the server's templates", () => {
  const names = ["anna", "élan", "😀 Ben", ""];
  equal(names.map(initialOf), ["A", "É", "😀", ""]);
  equal(["u1", "u7", "g5f0c", "u😀", ""].map(hueOf), [4, 10, 3, 7, 0]);
});

test("what is long is what the server's templates take for long", () => {
  equal(["x".repeat(1_400), "x".repeat(1_401), "\n".repeat(15), "\n".repeat(16)].map(isLong), [false, true, false, true]);
});

test("who types, but not oneself", () => {
  const [anna, ben, cleo] = ["Anna", "Ben", "Cleo"].map(person);
  equal(typingText({ users: [], count: 0 }, null), "");
  equal(typingText({ users: [anna], count: 1 }, "anna"), "");
  equal(typingText({ users: [anna], count: 1 }, null), "Anna is typing…");
  equal(typingText({ users: [person("דנה")], count: 1 }, null), "\u2068דנה\u2069 is typing…");
  equal(typingText({ users: [anna, ben, cleo], count: 3 }, "cleo"), "Anna and Ben are typing…");
  equal(typingText({ users: [anna, ben, cleo], count: 3 }, null), "Anna, Ben and 1 other are typing…");
  equal(typingText({ users: [anna, ben, cleo], count: 6 }, "cleo"), "Anna, Ben and 3 others are typing…");
});

test("how long ago", () => {
  const then = "2026-01-02T03:04:05+00:00";
  const after = (seconds) => ago(then, Date.parse(then) + seconds * 1000);
  equal(
    [-5, 59, 60, 3599, 3600, 86_399, 86_400, 604_799, 604_800].map(after),
    ["just now", "just now", "1 min", "59 min", "1 h", "23 h", "1 d", "6 d", "2 Jan 2026"],
  );
  equal(ago("junk", 0), "");
});

test("ages are by the server's clock, whatever this device's says", () => {
  const hour = 3_600_000;
  setServerTime(new Date(Date.now() + hour).toISOString(), Date.now());
  equal(Math.abs(serverNow() - Date.now() - hour) < hour / 2, true);
  setServerTime("junk", Date.now());
  equal(Math.abs(serverNow() - Date.now()) < hour / 2, true);
});
