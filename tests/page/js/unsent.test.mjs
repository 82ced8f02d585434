import { MAX_ENTRIES, Unsent } from "../../../comments/static/comments/js/writing/unsent.js";
import { entryText, refusal } from "../../../comments/static/comments/js/writing/refusals.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";
import { equal, test } from "./harness.mjs";
import { Thread } from "./thread.mjs";

const written = (ref, parent = null) => ({ ref, content: ref, parent, author: "u1", at: 0 });

function sent() {
  const unsent = new Unsent();
  unsent.add(written("a"));
  unsent.sending("a");
  const thread = new Thread();
  return { unsent, thread, store: new Store(thread.snapshot()) };
}

test("the ack comes first: the entry stays until its comment is here", () => {
  const { unsent, thread, store } = sent();
  const { ref, ...frame } = thread.post({ ref: "a" });
  unsent.ack({ ref: "a", id: "1", seq: 1, status: "visible" });
  equal(unsent.settle(store).length, 0);
  store.receive(frame);
  equal(unsent.settle(store).length, 1);
  equal(unsent.list(), []);
  equal(store.comments.get("1").ref, "a", "the view knows whose place it takes:");
});

test("the live frame comes first: it is enough, and the late ack does nothing", () => {
  const { unsent, thread, store } = sent();
  store.receive(thread.post({ ref: "a" }));
  equal(unsent.settle(store).length, 1);
  unsent.ack({ ref: "a", id: "1", seq: 1, status: "visible" });
  equal(unsent.list(), []);
});

test("a repeated ref is acked though its comment was removed since", () => {
  const { unsent, thread, store } = sent();
  for (const frame of [thread.post({ ref: "b" }), thread.hide("1")]) store.receive(frame);
  unsent.ack({ ref: "a", id: "1", seq: 1, status: "visible", duplicate: true });
  unsent.settle(store);
  equal(unsent.list(), []);
});

test("what was moderated before the retry vanishes quietly", () => {
  for (const status of ["hidden", "deleted", "removed"]) {
    const { unsent } = sent();
    unsent.ack({ ref: "a", id: "1", seq: 9, status, duplicate: true });
    equal(unsent.list(), [], status);
  }
});

test("an answer without a number is settled when the thread has passed it", () => {
  const { unsent, store } = sent();
  unsent.ack({ ref: "a", id: "7", status: "visible" });
  equal(unsent.settle(store).length, 0);
  unsent.passed("a", store.seq + 1);
  equal(unsent.settle(store).length, 0);
  store.seq += 1;
  equal(unsent.settle(store).length, 1, "though it is of a part that is not loaded:");
});

test("in a new numbering, what was acked and is not here is sent again", () => {
  const { unsent } = sent();
  unsent.ack({ ref: "a", id: "1", seq: 500, status: "visible" });
  unsent.sendAgain();
  equal([unsent.next("u1").ref, unsent.get("a").id], ["a", null]);
});

test("a comment that waits for a moderator stays, and says so", () => {
  const { unsent, store } = sent();
  unsent.ack({ ref: "a", id: "1", seq: null, status: "pending" });
  unsent.settle(store);
  equal(unsent.get("a").state, "pending");
  equal(entryText(unsent.get("a"), { online: true, now: 0, self: "u1" }), "Waiting for a moderator. Only you see it.");
});

test("one at a time, in the order of writing, as their author only", () => {
  const unsent = new Unsent();
  unsent.add(written("a"));
  unsent.add(written("b"));
  equal(unsent.next("u2"), undefined);
  equal(unsent.next("u1").ref, "a");
  unsent.sending("a");
  equal(unsent.next("u1"), undefined);
  unsent.wait("a", 5000, { reason: "rate_limited" });
  equal([unsent.next("u1").ref, unsent.next("u1").dueAt], ["a", 5000], "the second does not overtake:");
  unsent.fail("a", { reason: "blank" });
  equal(unsent.next("u1").ref, "b");
});

test("a lost connection puts what had no answer back, with its ref", () => {
  const { unsent } = sent();
  unsent.requeue();
  equal(unsent.next("u1").ref, "a");
});

test("an entry that failed waits for its author's word", () => {
  const unsent = new Unsent();
  unsent.add({ ...written("a"), state: "sending" });
  equal(unsent.next("u1").state, "queued", "as one that was kept over a reload:");
  unsent.fail("a", { reason: "old" });
  equal(unsent.next("u1"), undefined);
  unsent.retry("a");
  equal(unsent.next("u1").ref, "a");
});

test("it is bounded", () => {
  const unsent = new Unsent();
  for (let n = 0; n < MAX_ENTRIES; n += 1) unsent.add(written(String(n)));
  equal(unsent.isFull(), true);
});

test("entries stand on top, or last beneath what they answer", () => {
  const { unsent, thread, store } = sent();
  for (const frame of [thread.post(), thread.post({ parent: "1" })]) store.receive(frame);
  unsent.add(written("b", "2"));
  const items = arrange(store, unsent.list());
  const lines = (list) => list.map(({ key, replies }) => [key, lines(replies)]);
  equal(lines(items), [["entry-a", []], ["comment-1", [["comment-2", [["entry-b", []]]]]]]);
});

test("every refusal of the protocol has a sentence", () => {
  const reasons = "login_required bad_token forbidden banned closed not_found ref_conflict too_long blank bad_parent";
  for (const reason of [...reasons.split(" "), "rate_limited", "busy", "bad_field"]) {
    equal(/^[A-Z].*\.$/.test(refusal({ reason }).text), true, reason);
  }
  equal(refusal({ reason: "new_one", message: "From the server." }).text, "From the server.");
  equal(refusal({}).text, "It could not be sent.");
  equal([refusal({ reason: "closed" }).retry, refusal({ reason: "blank" }).retry], [true, false]);
});

test("the line beneath an entry", () => {
  const at = { online: true, now: 0, self: "u1" };
  const entry = { state: "queued", author: "u1", error: null, dueAt: 0 };
  equal(entryText({ ...entry, state: "sending" }, at), "Sending…");
  equal(entryText(entry, at), "Will be sent when the connection is back.");
  equal(entryText(entry, { ...at, live: true }), "Sending…", "behind another:");
  equal(entryText({ ...entry, author: "u2" }, at), "Not sent. It was written under another name.");
  equal(entryText(entry, { ...at, online: false }), "Will be sent when you are back online.");
  equal(
    entryText({ ...entry, state: "waiting", dueAt: 11_500, error: { reason: "rate_limited" } }, at),
    "That was a little fast. Sending again in 12 s.",
  );
  const over = { ...entry, state: "waiting", dueAt: -1, error: { reason: "rate_limited" } };
  equal(entryText(over, at), "Will be sent when the connection is back.", "its time is over, and there is no way:");
  equal(
    entryText({ ...entry, state: "failed", error: { reason: "closed", message: "Comments are closed here." } }, at),
    "Not sent. Comments are closed here.",
  );
});

/** Own entries of which the first is on its way over HTTP, and a thread that brings comments without their refs. */
function posted(...refs) {
  const [unsent, thread] = [new Unsent(), new Thread()];
  const page = { unsent, thread, store: new Store(thread.snapshot()) };
  for (const ref of refs) unsent.add({ ...written(ref), content: "Same", after: "0" });
  unsent.sending(refs[0]);
  page.brings = (more) => {
    page.store.receive({ ...thread.post(), content: "Same", ...more });
    unsent.settle(page.store);
  };
  page.shown = () => arrange(page.store, unsent.list()).map(({ key, ref }) => [key, ref]);
  return page;
}

test("an own comment that comes before the answer to what was posted takes its entry's place", () => {
  const { unsent, store, brings, shown } = posted("a");
  brings();
  equal(shown(), [["comment-1", "a"]]);
  unsent.ack({ ref: "a", id: "1", status: "visible" });
  unsent.settle(store);
  equal([unsent.list(), shown()], [[], [["comment-1", "a"]]]);
});

test("somebody else's comment takes no entry's place, nor does another text, another place or an older one", () => {
  for (const more of [{ user_id: "u2" }, { content: "Other" }, { parent: "9" }, { id: "0" }]) {
    const page = posted("a");
    page.brings(more);
    equal(page.shown().map(([key]) => key.split("-")[0]), ["entry", "comment"], JSON.stringify(more));
  }
});

test("of two equal comments each takes its own entry's place", () => {
  const { unsent, store, brings, shown } = posted("a", "b");
  brings();
  equal(shown(), [["entry-b", null], ["comment-1", "a"]]);
  unsent.ack({ ref: "a", id: "1", status: "visible" });
  unsent.settle(store);
  unsent.sending("b");
  // Moderators may edit it meanwhile: it comes again, without its ref.
  store.comments.set("1", { ...store.comments.get("1"), ref: undefined });
  unsent.settle(store);
  equal(shown(), [["entry-b", null], ["comment-1", null]]);
  brings();
  equal(shown(), [["comment-2", "b"], ["comment-1", null]]);
});

test("what looked like it and was another tab's stands beside it, once the answer says so", () => {
  for (const answer of ["fail", "ack"]) {
    const { unsent, store, brings, shown } = posted("a");
    brings();
    if (answer === "fail") unsent.fail("a", { reason: "closed" });
    else unsent.ack({ ref: "a", id: "2", status: "visible" });
    unsent.settle(store);
    equal(shown(), [["entry-a", null], ["comment-1", null]]);
  }
});
