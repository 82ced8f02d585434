import { Condition } from "../../../comments/static/comments/js/page/condition.js";
import { equal, test } from "./harness.mjs";

/** A condition that was live, and the time. */
function live() {
  const it = new Condition();
  it.hear("live", null, 0);
  it.look(0);
  const at = (now) => {
    const { word, sentence } = it.look(now);
    return [word, sentence];
  };
  return { it, at };
}

test("a connection that comes back within a moment was never away", () => {
  const { it, at } = live();
  it.hear("reconnecting", null, 1_000);
  equal(at(2_400), ["Live", ""]);
  it.hear("live", null, 2_400);
  it.welcomed(9);
  it.reached(9, 2_400);
  equal(at(2_500), ["Live", ""]);
});

test("a word comes after a moment, a sentence only after five seconds, and both say when to look again", () => {
  const { it, at } = live();
  it.hear("reconnecting", null, 0);
  equal(it.look(0).again, 1_500);
  equal(at(1_500), ["Reconnecting…", ""]);
  equal(it.look(1_500).again, 3_500);
  equal(at(4_999), ["Reconnecting…", ""]);
  equal(at(5_000), ["Reconnecting…", "What you missed will be caught up."]);
  equal(it.look(5_000).again, null);
});

test("the browser's word counts within two seconds, whatever the connection still believes", () => {
  const { it, at } = live();
  it.network(false, 0);
  equal(at(1_400), ["Live", ""]);
  equal(at(2_000), ["Offline", ""]);
  it.hear("offline", null, 4_000);
  equal(at(5_000), ["Offline", "What you missed will be caught up."]);
  it.network(true, 6_000);
  it.hear("reconnecting", null, 6_000);
  equal(at(6_000)[0], "Reconnecting…", "one word after another waits for nothing:");
});

test("the browser's word is refuted by what comes from the server all the same", () => {
  const { it, at } = live();
  it.network(false, 0);
  it.frame(100);
  equal(at(2_000)[0], "Offline", "that was on its way:");
  it.frame(2_500);
  equal(at(2_500)[0], "Live");
});

test("after an absence it says how many comments came, once they are here, for a while", () => {
  const { it, at } = live();
  it.hear("reconnecting", null, 0);
  at(1_500);
  it.hear("live", null, 9_000);
  it.welcomed(44);
  for (let n = 0; n < 4; n += 1) it.arrived();
  it.reached(43, 9_000);
  equal(at(9_000), ["Live", ""]);
  it.reached(44, 9_100);
  equal(at(9_100), ["Live", "Back, 4 comments caught up"]);
  equal(at(17_099)[1], "Back, 4 comments caught up");
  equal(at(17_100)[1], "");
});

test("what came before the absence, or after it, is not counted", () => {
  const { it, at } = live();
  it.arrived();
  it.hear("offline", null, 0);
  at(1_500);
  it.hear("live", null, 3_000);
  it.welcomed(7);
  it.reached(7, 3_000);
  equal(at(3_000)[1], "Back, nothing was missed");
});

test("a line that goes again while it catches up goes on counting", () => {
  const { it, at } = live();
  it.hear("reconnecting", null, 0);
  at(1_500);
  it.hear("live", null, 2_000);
  at(2_000);
  it.arrived();
  it.hear("reconnecting", null, 2_100);
  it.hear("live", null, 3_000);
  it.welcomed(5);
  it.arrived();
  it.reached(5, 3_000);
  equal(at(3_000)[1], "Back, 2 comments caught up");
});

test("the first connection is no return", () => {
  const it = new Condition();
  it.hear("connecting", null, 0);
  equal(it.look(0).word, "");
  equal(it.look(1_500).word, "Connecting…");
  it.hear("live", null, 2_000);
  it.welcomed(1);
  it.reached(1, 2_000);
  equal([it.look(2_000).word, it.look(2_000).sentence], ["Live", ""]);
});

test("why nothing is tried any more is said with the word", () => {
  const { it, at } = live();
  it.hear("off", 4503, 0);
  equal(at(1_500), ["Not live", "This page is no longer here."]);
});
