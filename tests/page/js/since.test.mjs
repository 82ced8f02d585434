import { Visits } from "../../../comments/static/comments/js/page/visits.js";
import { markOf, routeOf, sentenceOf, stepIn } from "../../../comments/static/comments/js/thread/since.js";
import { equal, test } from "./harness.mjs";

const NOTHING = { epoch: "e", from: 3, seq: 9, new: 0, replies: 0, edited: 0, removed: 0, changes: [] };
const change = (id, root = null, kind = "new", reply = false) => ({ id, root, kind, reply });

test("the line says what there is, and nothing where there is nothing", () => {
  for (const [since, line] of [
    [{}, ""],
    [{ new: 12, replies: 3, edited: 1 }, "Since you left: 12 new, 3 replies to you, 1 edited"],
    [{ new: 1, replies: 1 }, "Since you left: 1 new, 1 reply to you"],
    [{ removed: 2 }, "Since you left: 2 removed"],
    [{ from: null, new: 5 }, ""],
  ]) {
    equal(sentenceOf({ ...NOTHING, ...since }), line);
  }
});

test("a mark says what happened to its comment", () => {
  const marks = [change("1"), change("1", "2", "new", true), change("1", null, "edited"), change("1", null, "removed")];
  equal(marks.map(markOf), ["new", "new, to you", "since you left", "since you left"]);
});

test("the way goes through the conversations in the order of the list, and in each by age", () => {
  const changes = [change("30"), change("9"), change("12", "9"), change("11", "9", "edited"), change("10", "2"), change("8", null, "removed")];
  equal(routeOf(changes, "newest"), ["30", "9", "11", "12", "10"]);
  equal(routeOf(changes, "oldest"), ["10", "9", "11", "12", "30"]);
});

test("a step goes on from where one is, and round at the ends", () => {
  const route = ["a", "b", "c"];
  for (const [at, by, index] of [[null, 1, 0], [null, -1, 2], ["a", 1, 1], ["c", 1, 0], ["a", -1, 2], ["gone", 1, 0]]) {
    equal(stepIn(route, at, by), index, `${at} ${by}`);
  }
});

function storage(text) {
  const it = { text, getItem: () => it.text, setItem: (_, value) => (it.text = value) };
  return it;
}

test("the browser keeps each thread's mark, which moves forward alone", () => {
  const kept = storage(null);
  const [plums, pears] = [new Visits(kept, "1"), new Visits(kept, "2")];
  equal(plums.mark, null);
  plums.move({ epoch: "e", seq: 5 });
  plums.move({ epoch: "e", seq: 3 });
  pears.move({ epoch: "f", seq: 1 });
  equal([plums.mark, pears.mark], [{ epoch: "e", seq: 5 }, { epoch: "f", seq: 1 }]);
  plums.move({ epoch: "new", seq: 2 });
  equal(plums.mark, { epoch: "new", seq: 2 });
  for (let thread = 10; thread < 300; thread += 1) new Visits(kept, String(thread)).move({ epoch: "e", seq: 1 });
  equal(JSON.parse(kept.text).length, 200);
  equal(plums.mark, null);
});

test("what is in the storage may be anything, or there may be none", () => {
  for (const text of ["", "{}", "[1]", '[["1"]]', '[["1",2,3]]', '[["1","e","3"]]', "nonsense"]) equal(new Visits(storage(text), "1").mark, null, text);
  const none = new Visits(null, "1");
  none.move({ epoch: "e", seq: 1 });
  equal(none.mark, null);
});
