import { SinceVisit } from "../../../comments/static/comments/js/page/since.js";
import { open, turns } from "./drawn.mjs";
import { equal, test } from "./harness.mjs";

const BEN = { id: "u999999", name: "Ben", role: "member" };

/** Alice has come back; each reader is told what has changed for them. */
async function comesBack(changesOf) {
  const page = await open();
  const { epoch, seq } = page.store;
  const told = ({ id }) => ({ epoch, from: 1, seq, new: 1, replies: 0, edited: 0, removed: 0, changes: changesOf(page, id) });
  const api = { asked: [], since: async () => (api.asked.push(page.user.id), told(page.user)), read: async () => ({}) };
  page.since = new SinceVisit(page.section, {
    api,
    store: page.store,
    view: page.view,
    loader: { replace: async () => true },
    storage: null,
    thread: "1",
    user: () => page.user?.id ?? null,
    onChange: () => page.since.draw(),
  });
  await page.since.start();
  page.api = api;
  page.marked = () => [...page.section.querySelectorAll(".comment-since")].map((mark) => mark.closest(".comment").dataset.id);
  return page;
}

const change = (id) => ({ id, root: null, kind: "new", reply: false });

test("what is new is told to whoever reads now, and the one before is not asked for", async () => {
  const page = await comesBack((here, user) => [change(here.idOf(user === BEN.id ? "Gwen's 1" : "Gwen's 2"))]);
  equal(page.marked(), [page.idOf("Gwen's 2")]);
  page.user = BEN;
  const told = page.since.userChanged();
  equal([page.marked(), page.since.line.hidden], [[], true]);
  await told;
  equal([page.marked(), page.api.asked.at(-1)], [[page.idOf("Gwen's 1")], BEN.id]);
});

test("where nothing is left to go to, the focus is where one says that all is seen", async () => {
  const page = await comesBack(() => [change("999")]);
  const next = page.section.querySelector("[data-step='1']");
  next.focus();
  next.click();
  await turns();
  equal([next.hidden, document.activeElement.className], [true, "comments-since-done"]);
});
