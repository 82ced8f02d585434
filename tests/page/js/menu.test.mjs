import { Menu } from "../../../comments/static/comments/js/page/menu.js";
import { equal, test } from "./harness.mjs";

const COMMENT = '<article id="comment-1"><button class="comment-menu-button">…</button></article>';

/** A comment whose menu is open. */
function open() {
  const place = document.createElement("div");
  place.innerHTML = `${COMMENT}<article class="beside" tabindex="-1"></article>`;
  document.body.replaceChildren(place);
  const it = { place, chosen: [], article: place.firstElementChild };
  const items = () => [{ name: "Quote", run: (article) => it.chosen.push(article) }];
  it.menu = new Menu(place, items, () => place.querySelector(".beside"));
  it.button = () => place.querySelector(".comment-menu-button");
  it.menu.pressed(it.button(), it.article);
  it.item = () => place.querySelector("[role=menuitem]");
  it.drawAnew = () => {
    it.article.outerHTML = COMMENT;
    it.article = place.firstElementChild;
  };
  return it;
}

test("what is chosen is done to the comment that stands there now, which has the focus then", () => {
  const it = open();
  it.drawAnew();
  it.item().click();
  equal([it.chosen.length, it.chosen[0] === it.article, it.item()], [1, true, null]);
  equal(document.activeElement === it.button(), true);
});

test("whoever leaves the menu of a comment that was drawn anew is at that comment", () => {
  for (const key of ["Escape", "Tab"]) {
    const it = open();
    it.drawAnew();
    it.item().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    equal([document.activeElement === it.button(), it.item()], [true, null], key);
  }
});

test("the menu of a comment that is gone does nothing, and goes", () => {
  const it = open();
  it.article.remove();
  it.item().click();
  equal([it.chosen, it.item(), document.activeElement.className], [[], null, "beside"]);
});
