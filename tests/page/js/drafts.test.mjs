import { Drafts } from "../../../comments/static/comments/js/writing/drafts.js";
import { equal, test } from "./harness.mjs";

const DAY = 24 * 3_600_000;

function storageOf(values = {}) {
  const methods = {
    getItem: (key) => values[key] ?? null,
    setItem: (key, value) => (values[key] = value),
    removeItem: (key) => delete values[key],
  };
  // As in a browser, only what is stored is listed.
  return new Proxy(methods, { ownKeys: () => Object.keys(values), getOwnPropertyDescriptor: (_, key) => ({
    value: values[key], enumerable: true, configurable: true,
  }) });
}

const written = { ref: "a", content: "Text", parent: null, author: "u1", at: 0, id: null };

test("what was written and never sent is kept for a week", () => {
  const storage = storageOf();
  new Drafts({ thread: "1", storage, now: () => 0 }).saveEntries([written]);
  const after = (time) => new Drafts({ thread: "1", storage, now: () => time }).entries("u1").map(({ ref }) => ref);
  equal([after(6 * DAY), after(8 * DAY)], [["a"], []]);
});

test("what a page keeps under another name stays, however old it is", () => {
  const values = { "comments:theme": "dark", "comments:draft:1:u1": JSON.stringify({ content: "Text", at: 0, life: DAY }) };
  new Drafts({ thread: "1", storage: storageOf(values), now: () => 2 * DAY });
  equal(Object.keys(values), ["comments:theme"]);
});

test("what another tab wrote is not removed", () => {
  const storage = storageOf();
  const [here, there] = [1, 2].map(() => new Drafts({ thread: "1", storage, now: () => 0 }));
  there.saveEntries([written]);
  here.saveEntries([{ ...written, ref: "b" }]);
  here.saveEntries([]);
  equal(there.entries("u1").map(({ ref }) => ref), ["a"]);
});

test("without a storage nothing is kept, and nothing breaks", () => {
  const full = { getItem: () => null, removeItem: () => {}, setItem: () => { throw new Error("full"); } };
  for (const storage of [null, full]) {
    const drafts = new Drafts({ thread: "1", storage, now: () => 0 });
    drafts.saveDraft("u1", { content: "Text", parent: null });
    drafts.saveEntries([written]);
    equal([drafts.draft("u1"), drafts.entries("u1")], [{ content: "", parent: null }, []]);
  }
});
