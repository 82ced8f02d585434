/** Where the focus goes when what has it is taken away, or drawn anew: never to nowhere. */

import { Posted } from "../../../comments/static/comments/js/page/posted.js";
import { open, turns } from "./drawn.mjs";
import { equal, test } from "./harness.mjs";

const UP = "👍";
/** The first of Alice's that nobody answers, and what stands after it. */
const MINE = "Alice's alone";
const UNDO = ".comment-deleted button";

const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));

/** Alice deletes a comment by keyboard; the site's answers come when they are let go. */
async function deletes(answers = {}) {
  const page = await open();
  page.site = async (asked) => answers[asked.split("/")[1] ? "restore" : "remove"] ?? {};
  page.id = page.idOf(MINE);
  page.choose(page.article(MINE), "Delete");
  page.undo = page.section.querySelector(UNDO);
  equal([document.activeElement === page.undo, page.view.find(page.id).getClientRects().length], [true, 0]);
  return page;
}

test("after Undo it is at the comment, which came back before the answer", async () => {
  const page = await deletes();
  await turns();
  page.undo.click();
  equal(document.activeElement === page.undo, true);
  await turns();
  equal([page.at(), page.section.querySelector(UNDO)], [[page.id, "comment"], null]);
});

test("after Undo it is at the comment, also where that comes later than the answer", async () => {
  const page = await deletes();
  const comment = page.store.comments.get(page.id);
  await turns();
  page.goes(page.id);
  equal([page.view.find(page.id), document.activeElement === page.undo], [null, true]);
  page.undo.click();
  await turns();
  equal(document.activeElement === page.undo, true);
  page.comes(comment);
  await turns();
  equal([page.at(), page.section.querySelector(UNDO)], [[page.id, "comment"], null]);
});

test("after a Delete that is refused it is at the comment, which says why", async () => {
  const page = await deletes({ remove: { status: 403, code: 403, reason: "forbidden", message: "Not this one." } });
  await turns();
  equal([page.at(), page.article(MINE).querySelector(".comment-note").textContent], [[page.id, "comment"], "Not this one."]);
});

test("after an Undo that is refused it is at the sentence in the comment's place", async () => {
  const page = await deletes({ restore: { status: 403, code: 403, reason: "edit_window", message: "Too late." } });
  await turns();
  page.undo.click();
  await turns();
  equal([document.activeElement.className, document.activeElement.textContent], ["comment-deleted is-leaving", "Deleted · Too late."]);
});

test("where the time to undo is over, it is at the comment beside it", async () => {
  const page = await deletes();
  await turns();
  page.goes(page.id);
  const note = page.undo.closest("li");
  const next = page.view.present()[0].dataset.id;
  page.view.anchor.keep(() => note.remove());
  equal(page.at(), [next, "comment"]);
});

test("where the last reaction of a kind is taken back, it is where one reacts", async () => {
  const page = await open();
  const article = page.article("Gwen's 0");
  const counts = (on) => ({ id: article.dataset.id, counts: on ? { [UP]: 1 } : {}, reaction_seq: on ? 1 : 2 });
  page.site = async (asked) => counts(asked.startsWith("PUT"));
  const add = article.querySelector(".reaction-add");
  add.click();
  await frame();
  article.querySelector(`[data-emoji="${UP}"]`).click();
  await turns();
  add.click();
  const button = article.querySelector(`[data-emoji="${UP}"]`);
  button.focus();
  button.click();
  await turns();
  equal([button.isConnected, document.activeElement === add], [false, true]);
});

test("a comment that is drawn anew, folded away, or gone leaves it at the comment or beside it", async () => {
  const page = await open();
  const id = page.idOf("Gwen's 1");
  const focus = () => page.view.find(id).querySelector(".comment-reply").focus();
  focus();
  page.changes(id, {});
  equal(page.at(), [id, "comment"], "drawn anew:");
  focus();
  page.own.ignoring.toggle(page.store.comments.get(id).user_id);
  equal(page.at(), [id, "comment"], "ignored:");
  page.view.find(id).querySelector(".comment-ignored button").click();
  equal(page.at(), [id, "comment"], "shown all the same:");
  focus();
  const next = page.after(id);
  page.goes(id);
  equal(page.at(), [next, "comment"], "gone:");
});

test("a line that leads to more is at its conversation when it goes", async () => {
  const page = await open();
  const id = page.idOf("Gwen's 1");
  const line = Object.assign(document.createElement("p"), { innerHTML: "<button>2 new replies</button>" });
  page.view.find(id).after(line);
  line.firstElementChild.focus();
  page.view.anchor.keep(() => line.remove());
  equal(page.at(), [id, "comment"]);
});

test("an editor leaves it at the comment: saved, left, of another text, or with the comment gone", async () => {
  const page = await open();
  const id = page.idOf(MINE);
  const edit = async () => {
    page.choose(page.view.find(id), "Edit");
    await turns();
    equal(document.activeElement.tagName, "TEXTAREA");
  };
  page.site = async () => ({ content: "Alice's alone.", version: page.store.comments.get(id).version });
  await edit();
  page.section.querySelector(".editor-save").click();
  await turns();
  equal(page.at(), [id, "comment-menu-button"], "saved:");
  await edit();
  page.section.querySelector(".editor-cancel").click();
  equal(page.at(), [id, "comment-menu-button"], "left:");
  await edit();
  page.changes(id, {});
  const mine = page.section.querySelector(".editor-mine");
  mine.focus();
  let answer;
  page.site = () => new Promise((resolve) => (answer = resolve));
  mine.click();
  equal(document.activeElement.tagName, "TEXTAREA", "saved over the other text:");
  answer({});
  await turns();
  const next = page.after(id);
  page.site = async () => ({ content: "Alice's alone.", version: 9 });
  await edit();
  page.goes(id);
  equal(page.at(), [next, "comment"], "gone:");
});

test("the button that leads to news leaves it where the reader looks", async () => {
  const page = await open();
  const { news } = page.view;
  news.show(2);
  news.button.focus();
  news.show(0);
  equal([news.button.hidden, document.activeElement.className], [true, "comment"]);
});

test("the line that leads to one's comment leaves it there once that is in sight", async () => {
  const page = await open();
  const posted = new Posted(page.section, page);
  const id = page.idOf(MINE);
  page.store.comments.get(id).ref = "r";
  page.section.style.paddingBlock = "3000px";
  scrollTo({ top: 0, behavior: "instant" });
  posted.drawn([{ ref: "r" }]);
  equal(posted.line.hidden, false);
  posted.line.querySelector("button").focus({ preventScroll: true });
  page.view.find(id).scrollIntoView({ behavior: "instant" });
  posted.drawn([]);
  equal([posted.line.hidden, page.at()], [true, [id, "comment"]]);
});
