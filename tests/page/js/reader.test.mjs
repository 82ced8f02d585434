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

/** The page of one thread is loaded, by default again. */
const load = (storage, { thread = "1", navigation = "reload" } = {}) => readerId({ storage, thread, navigation });
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("the id of a page view is random, and of a form that an address takes", () => {
  const ids = [1, 2, 3].map(() => load(storageOf()));
  equal([new Set(ids).size, ids.every((id) => UUID.test(id))], [3, true]);
});

for (const navigation of ["reload", "back_forward"]) {
  test(`it is kept where the page is loaded by ${navigation}`, () => {
    const storage = storageOf();
    const id = load(storage);
    leave();
    equal(load(storage, { navigation }), id);
  });
}

test("it is not taken along to another page, nor back from it, nor to the same page by a link", () => {
  for (const next of [{ navigation: "navigate" }, { thread: "2", navigation: "navigate" }, { thread: "2", navigation: "back_forward" }]) {
    const storage = storageOf();
    const id = load(storage);
    leave();
    equal(load(storage, next) === id, false);
  }
});

test("what else a storage has under its name is no id", () => {
  for (const kept of ["0123abcd", "null", "{}", "[]"]) equal(UUID.test(load(storageOf({ "comments:reader": kept }))), true);
});

test("a duplicated tab is another reader", () => {
  const storage = storageOf();
  const id = load(storage);
  equal(load(storageOf({ ...storage.values })) === id, false);
});

test("a page that comes back from the browser's cache takes its id out of the storage again", () => {
  const storage = storageOf();
  load(storage);
  leave();
  dispatchEvent(new Event("pageshow"));
  equal(storage.values, {});
});

test("without a storage, or with one that is full, there is an id all the same", () => {
  const fail = () => {
    throw new Error("forbidden");
  };
  for (const storage of [null, { getItem: fail, setItem: fail, removeItem: fail }]) {
    equal(UUID.test(load(storage)), true);
    leave();
  }
});
