import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { Writing } from "../../../comments/static/comments/js/writing/writing.js";
import { newSection, show, submit, type } from "./form.mjs";
import { equal, test } from "./harness.mjs";
import { Thread } from "./thread.mjs";

const IDA = { id: "u1", name: "Ida", role: "member" };
const BEN = { id: "u2", name: "Ben", role: "member" };

/** A page that answers the thread's first comment. */
function answer() {
  const [thread, section] = [new Thread(), newSection()];
  thread.post();
  const page = { thread, section, sent: [], changes: 0, store: new Store(thread.snapshot()) };
  page.writing = new Writing(section, {
    api: null,
    store: page.store,
    history: null,
    line: { send: (frame) => Boolean(page.sent.push(frame)), route: "none", reopen: () => {} },
    user: IDA,
    thread: "1",
    limit: 100,
    takesGuests: true,
    storage: null,
    session: null,
    find: (id) => section.querySelector(`#comment-${id}`),
    keepAnchor: (move) => move(),
    announcer: { say: () => {} },
    onChange: () => {
      page.changes += 1;
      page.writing.settle();
    },
  });
  show(section, "1");
  page.writing.answer("1");
  type(section, "Half an ans");
  page.said = () => section.querySelector("#comment-error").textContent;
  page.posts = () => page.sent.filter((frame) => frame.type === "message").map(({ content }) => content);
  return page;
}

test("the form leaves a comment that was removed, with its text", () => {
  const page = answer();
  page.store.receive(page.thread.hide("1"));
  page.writing.settle();
  const { draft, reply } = page.writing.composer;
  equal([reply.isHome, draft.content, draft.parent], [true, "Half an ans", null]);
  equal(page.said(), "The comment you were answering was removed. Your text is still here.");
});

test("the form leaves a comment that is not loaded any more, and still answers it", () => {
  const page = answer();
  page.store.loadSnapshot({ ...page.thread.snapshot(), results: [] });
  page.writing.settle();
  const { draft, reply } = page.writing.composer;
  equal([reply.isHome, draft.content, draft.parent], [true, "Half an ans", "1"]);
  equal(page.section.querySelector(".composer-to").textContent.includes("user 1"), true);
});

test("what was begun below a comment that is removed later goes on in the form on top", () => {
  const page = answer();
  const { composer } = page.writing;
  composer.reply.cancel();
  type(page.section, "For all");
  page.store.receive(page.thread.hide("1"));
  page.writing.settle();
  equal(composer.draft.content, "For all\n\nHalf an ans");
  page.writing.settle();
  equal(composer.draft.content, "For all\n\nHalf an ans");
});

test("what is being answered was changed: it is said before anything is sent", () => {
  const page = answer();
  const note = page.section.querySelector(".composer-note");
  page.store.receive(page.thread.edit("1"));
  page.writing.settle();
  equal([note.hidden, note.textContent], [false, "The comment you are answering was changed.Read it again"]);
  submit(page.section);
  equal(note.hidden, true);
});

test("the next comment is sent as soon as the one before it is here, be its ack late or lost", () => {
  const page = answer();
  for (const text of ["One", "Two"]) {
    type(page.section, text);
    submit(page.section);
  }
  equal(page.posts(), ["One"]);
  const [{ ref }] = page.sent.filter((frame) => frame.type === "message");
  page.store.receive(page.thread.post({ ref }));
  page.writing.settle();
  equal([page.posts(), page.writing.unsent.list().length], [["One", "Two"], 1]);
});

/** @returns what stands in the form, and what it answers */
const written = ({ writing }) => [writing.composer.draft.content, writing.composer.draft.parent];

test("a member's text is not the next one's at the same machine, and is there when its author is back", () => {
  const page = answer();
  page.writing.setUser(null);
  equal(written(page), ["Half an ans", "1"], "whoever was logged out may log in again:");
  page.writing.setUser(BEN);
  equal(written(page), ["", "1"]);
  type(page.section, "Ben's own");
  page.writing.setUser(IDA);
  equal(written(page), ["Half an ans", "1"]);
  page.writing.setUser(BEN);
  equal(written(page), ["Ben's own", "1"]);
});

test("who was only logged out writes on, and it stays theirs until the form is empty", () => {
  const page = answer();
  page.writing.setUser(null);
  type(page.section, "Half an answer");
  page.writing.setUser(BEN);
  page.writing.setUser(null);
  equal(written(page)[0], "");
  type(page.section, "A visitor's");
  page.writing.setUser(BEN);
  equal(written(page)[0], "A visitor's");
  page.writing.setUser(IDA);
  equal(written(page)[0], "Half an answer");
});

test("a form that was emptied after a logout is nobody's any more", () => {
  const page = answer();
  page.writing.setUser(null);
  for (const text of ["", "A visitor's"]) type(page.section, text);
  page.writing.setUser(BEN);
  equal(written(page), ["A visitor's", "1"]);
});

test("what was typed before a login goes on as the member's, below what they had begun there", () => {
  const page = answer();
  page.writing.setUser(BEN);
  page.writing.setUser(null);
  type(page.section, "A visitor's");
  page.writing.setUser(IDA);
  equal(written(page), ["Half an ans\n\nA visitor's", "1"]);
  page.writing.setUser(BEN);
  equal(written(page)[0], "");
});

test("a draft for all stands on top, also where the form answered a comment until now", () => {
  const page = answer();
  page.writing.drafts.save("u2", { content: "For all", parent: null });
  page.writing.setUser(BEN);
  equal([written(page), page.writing.composer.reply.isHome], [["For all", null], true]);
});

test("a draft that waits beneath a comment is marked where one answers it, for whoever wrote it", () => {
  const page = answer();
  const link = page.section.querySelector("#comment-1 .comment-reply");
  page.writing.begun.mark();
  equal(link.textContent, "Reply", "it is in the form:");
  page.writing.composer.reply.goHome();
  equal(link.textContent, "Reply · draft");
  page.writing.begun.mark();
  page.writing.setUser(BEN);
  page.writing.begun.mark();
  equal(link.textContent, "Reply");
  page.writing.setUser(IDA);
  page.writing.begun.mark();
  equal([link.textContent, page.writing.composer.reply.parent], ["Reply", "1"]);
  page.writing.composer.reply.goHome();
  show(page.section, "1").querySelector(".comment-reply").id = "anew";
  link.closest("li").remove();
  page.writing.begun.mark();
  equal(page.section.querySelector("#anew").textContent, "Reply · draft", "drawn anew:");
  page.writing.answer("1");
  type(page.section, "");
  page.writing.composer.reply.goHome();
  equal(page.section.querySelector("#anew").textContent, "Reply");
});
