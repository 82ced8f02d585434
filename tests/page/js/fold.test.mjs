import { AT_ONCE, Fold, HOLD, PACE } from "../../../comments/static/comments/js/page/fold.js";
import { flat } from "../../../comments/static/comments/js/thread/tree.js";
import { equal, test } from "./harness.mjs";

const item = (id, ...replies) => ({ key: `comment-${id}`, comment: { id }, replies, after: [] });

/** A window of 600 px, with the line that is read in its middle; new comments would begin where `at` says. */
function fold() {
  const it = { time: 0, at: 300, asked: [], due: 0 };
  const parts = new Fold({ onDue: () => (it.due += 1), now: () => it.time });
  const pointOf = (above, before) => {
    it.asked.push([above, before]);
    return it.at;
  };
  it.sift = (items, ...fresh) => {
    const shown = parts.sift(items, new Set(fresh), { line: 300, height: 600, pointOf });
    return flat(shown).map(({ comment }) => comment.id);
  };
  it.open = (root) => parts.open(root);
  it.waiting = () => parts.waiting().map(([id, root]) => `${id} of ${root}`);
  return it;
}

test("what is below the window stands in its place at once, however fast it comes", () => {
  const it = fold();
  it.at = 600;
  equal(it.sift([item("1"), item("2"), item("3")], "2", "3"), ["1", "2", "3"]);
  equal(it.waiting(), []);
});

test("of many below the window a few are drawn in each frame, and whoever asks for them gets all", () => {
  const it = fold();
  it.at = 600;
  const fresh = Array.from({ length: 2 * AT_ONCE + 1 }, (_, index) => String(index + 2));
  const items = ["1", ...fresh].map((id) => item(id));
  const first = fresh.slice(0, AT_ONCE);
  equal([it.sift(items, ...fresh), it.due, it.waiting()], [["1", ...first], 1, []]);
  const rest = fresh.slice(AT_ONCE);
  equal([it.sift(items, ...rest), it.due], [["1", ...first, ...rest.slice(0, AT_ONCE)], 2]);
  equal(it.open(), [fresh[2 * AT_ONCE]]);
  equal([it.sift(items), it.due, it.open()], [["1", ...fresh], 2, []]);
});

test("what would move the line waits until it is asked for", () => {
  const it = fold();
  it.at = 299;
  equal(it.sift([item("2"), item("1")], "2"), ["1"]);
  it.time += 60_000;
  equal([it.sift([item("2"), item("1")], "2"), it.waiting()], [["1"], ["2 of 2"]]);
  equal(it.open(), ["2"]);
  equal([it.sift([item("2"), item("1")]), it.waiting()], [["2", "1"], []]);
});

test("in sight below the line it appears when the place has been quiet for a moment", () => {
  const it = fold();
  equal(it.sift([item("1"), item("2")], "2"), ["1"]);
  it.time += HOLD - 1;
  equal([it.sift([item("1"), item("2")], "2"), it.waiting()], [["1"], []]);
  it.time += 1;
  equal(it.sift([item("1"), item("2")], "2"), ["1", "2"]);
});

test("what comes faster than a person reads waits, with the one that began it", () => {
  const it = fold();
  it.sift([item("1"), item("2")], "2");
  it.time += HOLD / 2;
  equal([it.sift([item("1"), item("2"), item("3")], "2", "3"), it.waiting()], [["1"], ["2 of 2", "3 of 3"]]);
  it.time += HOLD;
  equal(it.sift([item("1"), item("2"), item("3")], "2", "3"), ["1"]);
});

test("what comes to a list waits with what is folded there, so that nothing stands above or below a hole", () => {
  for (const order of [(...items) => items, (...items) => items.reverse()]) {
    const it = fold();
    const [one, two, three, four] = ["1", "2", "3", "4"].map((id) => item(id));
    it.at = 0;
    equal(it.sift(order(one, two, three), "2", "3"), ["1"]);
    for (const at of [300, 600]) {
      it.at = at;
      it.time += PACE;
      equal(it.sift(order(one, two, three, four), "2", "3", "4"), ["1"]);
      it.time += HOLD;
      equal(it.sift(order(one, two, three, four), "2", "3", "4"), ["1"]);
    }
    equal(it.open().sort(), ["2", "3", "4"]);
    it.at = 300;
    equal(it.sift(order(one, two, three, four, item("5")), "5").length, 4);
    it.time += HOLD;
    equal(it.sift(order(one, two, three, four, item("5")), "5").length, 5, "it goes on as ever");
  }
});

test("what is held in sight waits to be asked for once something else of its list does", () => {
  const it = fold();
  equal(it.sift([item("2"), item("1")], "2"), ["1"]);
  it.time += PACE;
  it.at = 0;
  it.sift([item("3"), item("1")], "3");
  it.time += PACE;
  it.at = 300;
  equal([it.sift([item("4"), item("3"), item("1")], "3", "4"), it.waiting()], [["1"], ["3 of 3", "4 of 4"]]);
});

test("a conversation goes on beside another one in which replies are folded", () => {
  const it = fold();
  it.at = 0;
  const items = (...replies) => [item("1", item("3"), item("5")), item("2", item("4"), ...replies)];
  equal(it.sift(items(), "5"), ["1", "3", "2", "4"]);
  it.at = 600;
  equal(it.sift(items(item("6")), "5", "6"), ["1", "3", "2", "4", "6"]);
});

test("replies wait at their conversation, and what answers one of them waits with it", () => {
  const it = fold();
  it.at = 0;
  const items = [item("1", item("3"), item("5", item("6"))), item("2", item("4"))];
  equal(it.sift(items, "4", "5", "6"), ["1", "3", "2"]);
  equal(it.waiting(), ["5 of 1", "6 of 1", "4 of 2"]);
  equal(it.asked, [["comment-1", "comment-3"], ["comment-2", null]]);
  equal(it.open("1"), ["5", "6"]);
  equal(it.sift(items, "4"), ["1", "3", "5", "6", "2"]);
});

test("what is gone, or was drawn, waits no more", () => {
  const it = fold();
  it.at = 0;
  it.sift([item("1"), item("2"), item("3")], "2", "3");
  it.sift([item("1"), item("3")], "3");
  equal(it.waiting(), ["3 of 3"]);
});

test("an empty list is nobody's to be disturbed in", () => {
  const it = fold();
  it.at = 0;
  equal(it.sift([item("2"), item("1")], "1", "2"), ["2", "1"]);
});
