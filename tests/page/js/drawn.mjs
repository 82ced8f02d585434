/** A page as the server rendered it for Alice, with what a reader may do with comments that exist. */

import { Api } from "../../../comments/static/comments/js/client/api.js";
import { Announcer } from "../../../comments/static/comments/js/page/announcer.js";
import { Own } from "../../../comments/static/comments/js/page/own.js";
import { readPage, readSection } from "../../../comments/static/comments/js/page/page.js";
import { View } from "../../../comments/static/comments/js/page/view.js";
import { Store } from "../../../comments/static/comments/js/thread/store.js";
import { arrange } from "../../../comments/static/comments/js/thread/tree.js";
import { FakeClock, given } from "./harness.mjs";

export { turns } from "./site.mjs";

const HOW = { mayReply: true, stateOf: () => "", retryable: () => false, isNew: () => false, foldedIn: () => 0, stateOfMore: () => "ready" };
const STYLE = "/comments/static/comments/own.css";

async function styled() {
  if (document.querySelector("link")) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE });
  await new Promise((loaded) => {
    link.onload = loaded;
    document.head.append(link);
  });
}

/** The page; its `site` answers what it asks, by method and the address below the thread's. */
export async function open() {
  await styled();
  localStorage.clear();
  document.body.replaceChildren(document.importNode(new DOMParser().parseFromString(given.html, "text/html").querySelector("#comments"), true));
  const section = document.querySelector("#comments");
  const page = { section, user: readSection(section).user, asked: [], clock: new FakeClock() };
  page.site = async () => ({});
  const fetch = async (address, { method = "GET", body } = {}) => {
    const asked = `${method} ${decodeURIComponent(String(address).split("/comments/")[1])}`;
    page.asked.push(asked);
    const { status = 200, ...answer } = await page.site(asked, body && JSON.parse(body));
    return Response.json(answer, { status });
  };
  const view = (page.view = new View(section));
  const store = (page.store = new Store(readPage(section, view.read())));
  page.announcer = new Announcer(section, page.clock);
  page.draw = () => view.anchor.keep(() => view.render(arrange(store), { ...HOW, self: page.user }));
  page.own = new Own(section, {
    api: new Api({ thread: "/api/articles/plums/", fetch }),
    store,
    view,
    announcer: page.announcer,
    storage: localStorage,
    user: () => page.user,
    onChange: page.draw,
  });
  view.adorn = (article, comment) => page.own.adorn(article, comment);
  section.addEventListener("click", (event) => {
    const article = event.target.closest(".comment");
    if (article && page.own.pressed(event.target, article)) event.preventDefault();
  });
  Object.assign(page, waysIn(page));
  page.draw();
  return page;
}

/** What a test does on the page, and reads off it. */
function waysIn(page) {
  const { section, view, store, draw } = page;
  const article = (text) => [...section.querySelectorAll(".comment")].find((one) => one.querySelector(".comment-text")?.textContent.includes(text));
  return {
    article,
    idOf: (text) => article(text).dataset.id,
    focused: () => document.activeElement,
    becomes: (user) => {
      page.user = user;
      page.own.userChanged();
      draw();
    },
    /** What has the focus: the id of the comment, and the class within it. */
    at: () => [document.activeElement.closest(".comment")?.dataset.id ?? null, document.activeElement.className.split(" ")[0]],
    choose: (one, name) => {
      const button = one.querySelector(".comment-menu-button");
      button.focus();
      button.click();
      [...section.querySelectorAll("[role=menuitem]")].find(({ textContent }) => textContent === name).click();
    },
    /** The id of the comment that stands after another one. */
    after: (id) => {
      const all = view.present();
      return all[all.indexOf(view.find(id)) + 1].dataset.id;
    },
    /** A change of a comment comes, as another tab or a moderator made it. */
    changes: (id, change) => {
      const known = store.comments.get(id);
      const { seq, count } = store;
      store.receive({ type: "message", ...known, html: "<p>Changed.</p>", content: "Changed.", version: known.version + 1, count, ...change, seq: seq + 1, prev: seq });
      draw();
      return view.find(id);
    },
    /** A comment that was removed is restored. */
    comes: (comment) => {
      const { seq, count } = store;
      store.receive({ type: "message", ...comment, html: "<p>Back.</p>", count: count + 1, seq: seq + 1, prev: seq });
      draw();
    },
    goes: (id) => {
      const { root, parent } = store.comments.get(id);
      const { seq, count } = store;
      store.receive({ type: "removed", id, root: root ?? id, parent, reason: "deleted", reply_count: 0, root_reply_count: 0, count: count - 1, seq: seq + 1, prev: seq });
      draw();
    },
  };
}
