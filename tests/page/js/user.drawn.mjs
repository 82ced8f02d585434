/** The reader becomes somebody else: nothing of the one before is theirs. */

import { open, turns } from "./drawn.mjs";
import { equal, test } from "./harness.mjs";

const UP = "👍";
const BEN = { id: "u999999", name: "Ben", role: "member" };

const ownOf = (article) => [...article.querySelectorAll(".reaction.is-own")].map(({ dataset }) => dataset.emoji);

test("own reactions are of whoever reads now", async () => {
  const page = await open();
  const [rendered, pressed] = ["Gwen's 2", "Gwen's 0"].map((text) => page.article(text));
  equal(ownOf(rendered), [UP]);
  page.site = async () => ({ id: pressed.dataset.id, counts: { [UP]: 1 }, reaction_seq: 9 });
  pressed.querySelector(".reaction-add").click();
  pressed.querySelector(`[data-emoji="${UP}"]`).click();
  await turns();
  equal(ownOf(pressed), [UP]);
  page.becomes(BEN);
  equal([ownOf(rendered), ownOf(pressed), rendered.querySelector(".reaction").textContent], [[], [], `${UP} 1`]);

  // What is fetched for Ben says what is his.
  for (const [id, comment] of page.store.comments) page.store.comments.set(id, { ...comment, reacted: id === pressed.dataset.id ? [UP] : [] });
  page.draw();
  equal([ownOf(rendered), ownOf(pressed)], [[], [UP]]);
  page.becomes(null);
  equal(ownOf(pressed), []);
});

test("what the one before asked for says nothing of the next one's", async () => {
  const page = await open();
  const article = page.article("Gwen's 0");
  let answer;
  page.site = () => new Promise((resolve) => (answer = resolve));
  article.querySelector(".reaction-add").click();
  article.querySelector(`[data-emoji="${UP}"]`).click();
  page.becomes(BEN);
  answer({ id: article.dataset.id, counts: { [UP]: 1 }, reaction_seq: 9 });
  await turns();
  equal(ownOf(article), []);
});

test("the marks and the menus of own comments are of whoever reads now", async () => {
  const page = await open();
  const alice = page.user;
  const you = () => [...page.section.querySelectorAll(".comment-list .comment-you")].filter(({ hidden }) => !hidden).length;
  const offered = () => {
    page.article("Alice's alone").querySelector(".comment-menu-button").click();
    return [...page.section.querySelectorAll("[role=menuitem]")].map(({ textContent }) => textContent).slice(0, 2);
  };
  equal([you(), offered()], [4, ["Edit", "Delete"]]);
  page.becomes(BEN);
  equal([you(), page.section.querySelector("[role=menu]"), offered()], [0, null, ["Copy link", "Ignore this person"]]);
  page.becomes(alice);
  equal(you(), 4);
});

test("who edits is not read by the next member, and finds the text again", async () => {
  const page = await open();
  const alice = page.user;
  const edit = async () => {
    page.choose(page.article("Alice's alone"), "Edit");
    await turns();
    return page.section.querySelector(".comment-list textarea");
  };
  page.site = async () => ({ content: "Alice's alone.", version: 1 });
  (await edit()).value = "Private";
  page.becomes(null);
  equal(page.section.querySelector(".comment-list textarea").value, "Private", "who was only logged out goes on:");
  page.becomes(BEN);
  equal([page.section.querySelector(".comment-list textarea"), page.at()[1]], [null, "comment-menu-button"]);
  page.becomes(alice);
  equal((await edit()).value, "Private");
});

test("each member ignores people of their own; who has no account shares a list with the browser", async () => {
  const page = await open();
  const alice = page.user;
  const gwen = page.article("Gwen's 0").dataset.userId;
  const isIgnored = () => page.article("Gwen's 0").matches(".is-ignored");
  page.own.ignoring.toggle(gwen);
  equal(isIgnored(), true);
  for (const [user, ignores] of [[BEN, false], [null, false], [alice, true]]) {
    page.becomes(user);
    equal(isIgnored(), ignores, user?.name ?? "nobody");
  }
  page.becomes(null);
  page.own.ignoring.toggle(gwen);
  page.becomes({ id: "g1", name: "Maya", role: "guest" });
  equal(isIgnored(), true);
});
