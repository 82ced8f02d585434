import { Anchor } from "../../../comments/static/comments/js/page/anchor.js";
import { equal, test } from "./harness.mjs";

const STUCK = ["comments-bar", "comments-news", "comments-revised", "comments-posted", "comment-menu"];

/** A list that is longer than the window, with comments of 200 px and what sticks to the window above them. */
function page() {
  const section = document.createElement("section");
  const stuck = STUCK.map((name) => `<div class="${name}" style="position: fixed; top: 0"><button>x</button></div>`);
  const items = Array.from({ length: 30 }, () => '<li class="comment-item"><article class="comment" tabindex="-1"><button>x</button></article></li>');
  section.innerHTML = `${stuck.join("")}<ol class="comment-list" style="list-style: none; padding: 0">${items.join("")}</ol>`;
  document.body.replaceChildren(section);
  const articles = [...section.querySelectorAll(".comment")];
  for (const article of articles) Object.assign(article.style, { height: "200px", marginBottom: "10px" });
  const anchor = new Anchor(section);
  articles[10].scrollIntoView({ block: "center", behavior: "instant" });
  const topOf = (n) => Math.round(articles[n].getBoundingClientRect().top);
  const grow = () => (articles[9].style.height = "300px");
  return { section, anchor, articles, topOf, grow };
}

test("the line that has the focus stays where it is, else the one in the middle of the window", () => {
  const it = page();
  const [middle, focused] = [it.topOf(10), it.topOf(9)];
  it.anchor.keep(it.grow);
  equal([it.topOf(10), it.topOf(9)], [middle, focused - 100]);
  it.articles[8].style.height = "250px";
  const before = it.topOf(9);
  it.articles[9].querySelector("button").focus({ preventScroll: true });
  it.anchor.keep(() => (it.articles[8].style.height = "200px"));
  equal(it.topOf(9), before);
});

test("what sticks to the window says nothing of the line that is read, though it has the focus", () => {
  for (const name of STUCK) {
    const it = page();
    it.section.querySelector(`.${name} button`).focus({ preventScroll: true });
    const before = it.topOf(10);
    equal(it.anchor.line, innerHeight / 2, name);
    it.anchor.keep(it.grow);
    equal(it.topOf(10), before, name);
  }
});

test("where the focused comment is hidden, the next one stays where it is", () => {
  const it = page();
  const before = it.topOf(11);
  it.articles[10].querySelector("button").focus({ preventScroll: true });
  it.anchor.keep(() => (it.articles[10].hidden = true));
  equal([it.topOf(11), it.articles[10].getClientRects().length], [before, 0]);
});

/** @returns {number} how often a layout was asked for once the change was made */
function measuredAfter(change, anchor) {
  const own = ["getClientRects", "getBoundingClientRect"].map((name) => [name, Element.prototype[name]]);
  let count = 0;
  anchor.keep(() => {
    change();
    for (const [name, measure] of own) {
      Element.prototype[name] = function measured() {
        count += 1;
        return measure.call(this);
      };
    }
  });
  for (const [name, measure] of own) Element.prototype[name] = measure;
  return count;
}

test("where all that changes is below the line, nothing is measured in the middle of a frame", () => {
  const it = page();
  it.section.style.marginTop = "200vh";
  equal(measuredAfter(it.grow, it.anchor) > 0, true, "in the list:");
  scrollTo(0, 0);
  equal(measuredAfter(it.grow, it.anchor), 0, "above it:");
});
