import { readerId } from "../../../comments/static/comments/js/page/reader.js";
import { equal, test } from "./harness.mjs";

/** A tab's storage; a tab that is duplicated begins with a copy of it. */
function storageOf(values = {}) {
  return {
    values,
    getItem: (key) => values[key] ?? null,
    setItem: (key, value) => (values[key] = value),
    removeItem: (key) => delete values[key],
  };
}

/** What the browser says when a page is left, be it for its reload. */
const leave = () => dispatchEvent(new Event("pagehide"));

test("the id of a page view is random, and of a form that an address takes", () => {
  const ids = [1, 2, 3].map(() => readerId(storageOf()));
  equal([new Set(ids).size, ids.every((id) => /^[0-9a-f]{32}$/.test(id))], [3, true]);
});

test("it is kept over a reload", () => {
  const storage = storageOf();
  const id = readerId(storage);
  leave();
  equal(readerId(storage), id);
});

test("a duplicated tab is another reader", () => {
  const storage = storageOf();
  const id = readerId(storage);
  equal(readerId(storageOf({ ...storage.values })) === id, false);
});

test("a page that comes back from the browser's cache takes its id out of the storage again", () => {
  const storage = storageOf();
  readerId(storage);
  leave();
  dispatchEvent(new Event("pageshow"));
  equal(storage.values, {});
});

test("without a storage, or with one that is full, there is an id all the same", () => {
  const fail = () => {
    throw new Error("forbidden");
  };
  for (const storage of [null, { getItem: fail, setItem: fail, removeItem: fail }]) {
    equal(/^[0-9a-f]{32}$/.test(readerId(storage)), true);
    leave();
  }
});
