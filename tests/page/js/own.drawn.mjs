import { open, turns } from "./drawn.mjs";
import { equal, test } from "./harness.mjs";
// What the page loads when somebody edits for the first time is here already: its answer takes a turn or two.
import "/comments/static/comments/js/page/editing.js";

const UP = "👍";

test("the answer to an own reaction does not hide that others' are still to come", async () => {
  const page = await open();
  const id = page.idOf("Gwen's 0");
  const { seq } = page.store.counts;
  page.site = async () => ({ id, counts: { [UP]: 3 }, reaction_seq: seq + 3 });
  page.article("Gwen's 0").querySelector(".reaction-add").click();
  page.article("Gwen's 0").querySelector(`[data-emoji="${UP}"]`).click();
  await turns();
  equal(page.asked, [`PUT ${id}/reactions/${UP}/`]);
  equal([page.article("Gwen's 0").querySelector(".reaction.is-own").textContent, page.store.counts.seq], [`${UP} 3`, seq]);
});

test("a comment that is drawn anew while its source is fetched is edited where it stands now", async () => {
  const page = await open();
  const id = page.idOf("Alice's 0");
  let answer;
  page.site = () => new Promise((resolve) => (answer = resolve));
  page.choose(page.article("Alice's 0"), "Edit");
  await turns();
  const article = page.changes(id, {});
  answer({ content: "Changed.", version: 2 });
  await turns();
  equal([article.querySelector("textarea")?.value, page.at()[0]], ["Changed.", id]);
});

test("the field of an editor keeps the focus when its comment is drawn anew", async () => {
  const page = await open();
  const id = page.idOf("Alice's 0");
  page.site = async () => ({ content: "Alice's 0.", version: 1 });
  page.choose(page.article("Alice's 0"), "Edit");
  await turns();
  const field = page.focused();
  const article = page.changes(id, {});
  equal([field.tagName, page.focused() === field, article.contains(field)], ["TEXTAREA", true, true]);
});

test("former texts open at the comment that stands there now", async () => {
  const page = await open();
  const id = page.idOf("Alice's 0");
  page.changes(id, { edited_at: "2026-01-02T03:04:05Z", edited_by: "author" });
  let answer;
  page.site = () => new Promise((resolve) => (answer = resolve));
  page.choose(page.view.find(id), "Former texts");
  const article = page.changes(id, { edited_at: "2026-01-02T03:04:06Z" });
  answer({ results: [{ version: 1, content: "Before.", edited_by: null, timestamp: "2026-01-02T03:04:05Z" }] });
  await turns();
  equal([article.querySelector(".comment-former")?.textContent.includes("Before."), page.at()], [true, [id, "comment-former"]]);
});

test("what an editor says is said by the page's one voice", async () => {
  const page = await open();
  const id = page.idOf("Alice's 0");
  const heard = () => {
    page.clock.advance(6_000);
    return page.section.querySelector(".comments-announcer").textContent;
  };
  page.site = async () => ({ content: "Alice's 0.", version: 1 });
  page.choose(page.article("Alice's 0"), "Edit");
  await turns();
  page.site = async () => ({ status: 422, code: 422, reason: "blank", message: "Write something first." });
  page.section.querySelector(".editor-save").click();
  await turns();
  equal([heard(), page.section.querySelector(".editor-error").textContent], ["Write something first.", "Write something first."]);
  page.changes(id, {});
  equal(heard(), "This comment was changed meanwhile. It says now:");
});
