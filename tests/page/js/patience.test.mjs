import { patiently } from "../../../comments/static/comments/js/writing/patience.js";
import { FakeClock, equal, test } from "./harness.mjs";

const settled = () => new Promise((done) => setTimeout(done, 0));

function wait(refusals) {
  const page = { said: [], clock: new FakeClock(), end: new AbortController(), result: "none" };
  const action = async () => {
    const refusal = refusals.shift();
    if (refusal) throw Object.assign(new Error(), refusal);
    return "done";
  };
  patiently(action, (sentence) => page.said.push(sentence), page.end.signal, page.clock).then(
    (result) => (page.result = result ?? "given up"),
    ({ reason }) => (page.result = reason),
  );
  return page;
}

test("it counts the seconds, and tries again for as long as the site asks for time", async () => {
  const fast = { reason: "rate_limited", message: "Many write from here. Try again in 2 s.", retry_after: 1.5 };
  const page = wait([fast, { reason: "busy", retry_after: 1 }]);
  await settled();
  page.clock.advance(1_500);
  await settled();
  equal([page.result, page.said], [
    "none",
    ["2 s", "1 s"].map((left) => `Many write from here. Trying again in ${left}.`).concat("The site is busy. Trying again in 1 s."),
  ]);
  page.clock.advance(1_000);
  await settled();
  equal(page.result, "done");
});

test("what waiting can't help is refused, and whoever gives up hears no more", async () => {
  const page = wait([{ reason: "name_taken" }]);
  await settled();
  equal([page.result, page.said], ["name_taken", []]);
  const other = wait([{ reason: "busy", retry_after: 100 }]);
  await settled();
  other.end.abort();
  await settled();
  equal([other.result, other.said.length, other.clock.timers.size], ["given up", 1, 0]);
});
