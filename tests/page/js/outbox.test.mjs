import { MAX_ENTRIES, Outbox } from "../../../comments/static/comments/js/writing/unsent.js";
import { entryText, refusal } from "../../../comments/static/comments/js/writing/refusals.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";
import { equal, test } from "./harness.mjs";
import { Thread } from "./thread.mjs";

const written = (ref, parent = null) => ({ ref, content: ref, parent, author: "u1", at: 0 });

function sent() {
  const outbox = new Outbox();
  outbox.add(written("a"));
  outbox.sending("a");
  const thread = new Thread();
  return { outbox, thread, store: new Store(thread.snapshot()) };
}

test("the ack comes first: the entry stays until its comment is here", () => {
  const { outbox, thread, store } = sent();
  const { ref, ...frame } = thread.post({ ref: "a" });
  outbox.ack({ ref: "a", id: "1", seq: 1, status: "visible" });
  equal(outbox.settle(store).length, 0);
  store.receive(frame);
  equal(outbox.settle(store).length, 1);
  equal(outbox.list(), []);
  equal(store.comments.get("1").ref, "a", "the view knows whose place it takes:");
});

test("the live frame comes first: it is enough, and the late ack does nothing", () => {
  const { outbox, thread, store } = sent();
  store.receive(thread.post({ ref: "a" }));
  equal(outbox.settle(store).length, 1);
  outbox.ack({ ref: "a", id: "1", seq: 1, status: "visible" });
  equal(outbox.list(), []);
});

test("a repeated ref is acked though its comment was removed since", () => {
  const { outbox, thread, store } = sent();
  for (const frame of [thread.post({ ref: "b" }), thread.hide("1")]) store.receive(frame);
  outbox.ack({ ref: "a", id: "1", seq: 1, status: "visible", duplicate: true });
  outbox.settle(store);
  equal(outbox.list(), []);
});

test("what was moderated before the retry vanishes quietly", () => {
  for (const status of ["hidden", "deleted", "removed"]) {
    const { outbox } = sent();
    outbox.ack({ ref: "a", id: "1", seq: 9, status, duplicate: true });
    equal(outbox.list(), [], status);
  }
});

test("an answer without a number is settled when the thread has passed it", () => {
  const { outbox, store } = sent();
  outbox.ack({ ref: "a", id: "7", status: "visible" });
  equal(outbox.settle(store).length, 0);
  outbox.passed("a", store.seq + 1);
  equal(outbox.settle(store).length, 0);
  store.seq += 1;
  equal(outbox.settle(store).length, 1, "though it is of a part that is not loaded:");
});

test("in a new numbering, what was acked and is not here is sent again", () => {
  const { outbox } = sent();
  outbox.ack({ ref: "a", id: "1", seq: 500, status: "visible" });
  outbox.sendAgain();
  equal([outbox.next("u1", 0).ref, outbox.get("a").id], ["a", null]);
});

test("a comment that waits for a moderator stays, and says so", () => {
  const { outbox, store } = sent();
  outbox.ack({ ref: "a", id: "1", seq: null, status: "pending" });
  outbox.settle(store);
  equal(outbox.get("a").state, "pending");
  equal(entryText(outbox.get("a"), { online: true, now: 0, self: "u1" }), "Waiting for a moderator. Only you see it.");
});

test("one at a time, in the order of writing, as their author only", () => {
  const outbox = new Outbox();
  outbox.add(written("a"));
  outbox.add(written("b"));
  equal(outbox.next("u2", 0), undefined);
  equal(outbox.next("u1", 0).ref, "a");
  outbox.sending("a");
  equal(outbox.next("u1", 0), undefined);
  outbox.wait("a", 5000, { reason: "rate_limited" });
  equal(outbox.next("u1", 4999), undefined, "the second does not overtake:");
  equal(outbox.next("u1", 5000).ref, "a");
  outbox.fail("a", { reason: "blank" });
  equal(outbox.next("u1", 5000).ref, "b");
});

test("a lost connection puts what had no answer back, with its ref", () => {
  const { outbox } = sent();
  outbox.requeue();
  equal(outbox.next("u1", 0).ref, "a");
});

test("what a reload kept too long waits for its author's word", () => {
  const outbox = new Outbox();
  outbox.restore({ ...written("a"), state: "sending" }, true);
  equal(outbox.next("u1", 0), undefined);
  outbox.retry("a");
  equal(outbox.next("u1", 0).ref, "a");
});

test("it is bounded", () => {
  const outbox = new Outbox();
  for (let n = 0; n < MAX_ENTRIES; n += 1) outbox.add(written(String(n)));
  equal(outbox.isFull(), true);
});

test("entries stand on top, or last beneath what they answer", () => {
  const { outbox, thread, store } = sent();
  for (const frame of [thread.post(), thread.post({ parent: "1" })]) store.receive(frame);
  outbox.add(written("b", "2"));
  const items = arrange(store.comments, outbox.list());
  equal(items.map(({ key, replies }) => [key, replies.map((reply) => reply.key)]), [
    ["entry-a", []],
    ["comment-1", ["comment-2", "entry-b"]],
  ]);
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
    entryText({ ...entry, state: "failed", error: { reason: "closed" } }, at),
    "Not sent. Comments on this article are closed.",
  );
});

/** Own entries of which the first is on its way over HTTP, and a thread that brings comments without their refs. */
function posted(...refs) {
  const [outbox, thread] = [new Outbox(), new Thread()];
  const page = { outbox, thread, store: new Store(thread.snapshot()) };
  for (const ref of refs) outbox.add({ ...written(ref), content: "Same", after: "0" });
  outbox.sending(refs[0]);
  page.brings = (more) => {
    page.store.receive({ ...thread.post(), content: "Same", ...more });
    outbox.settle(page.store);
  };
  page.shown = () => arrange(page.store.comments, outbox.list()).map(({ key, ref }) => [key, ref]);
  return page;
}

test("an own comment that comes before the answer to what was posted takes its entry's place", () => {
  const { outbox, store, brings, shown } = posted("a");
  brings();
  equal(shown(), [["comment-1", "a"]]);
  outbox.ack({ ref: "a", id: "1", status: "visible" });
  outbox.settle(store);
  equal([outbox.list(), shown()], [[], [["comment-1", "a"]]]);
});

test("somebody else's comment takes no entry's place, nor does another text, another place or an older one", () => {
  for (const more of [{ user_id: "u2" }, { content: "Other" }, { parent: "9" }, { id: "0" }]) {
    const page = posted("a");
    page.brings(more);
    equal(page.shown().map(([key]) => key.split("-")[0]), ["entry", "comment"], JSON.stringify(more));
  }
});

test("of two equal comments each takes its own entry's place", () => {
  const { outbox, store, brings, shown } = posted("a", "b");
  brings();
  equal(shown(), [["entry-b", null], ["comment-1", "a"]]);
  outbox.ack({ ref: "a", id: "1", status: "visible" });
  outbox.settle(store);
  outbox.sending("b");
  // Moderators may edit it meanwhile: it comes again, without its ref.
  store.comments.set("1", { ...store.comments.get("1"), ref: undefined });
  outbox.settle(store);
  equal(shown(), [["entry-b", null], ["comment-1", null]]);
  brings();
  equal(shown(), [["comment-2", "b"], ["comment-1", null]]);
});

test("what looked like it and was another tab's stands beside it, once the answer says so", () => {
  for (const answer of ["fail", "ack"]) {
    const { outbox, store, brings, shown } = posted("a");
    brings();
    if (answer === "fail") outbox.fail("a", { reason: "closed" });
    else outbox.ack({ ref: "a", id: "2", status: "visible" });
    outbox.settle(store);
    equal(shown(), [["entry-a", null], ["comment-1", null]]);
  }
});
