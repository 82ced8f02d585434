/** The id of this page view, by which the server tells readers apart who have no name. */

import { newRef } from "../client/ref.js";
import { forget, keep, readKept } from "../storage.js";

const KEY = "comments:reader";
/** Ways to load a page that go on with a view of it. A link is the way to another view, be it of the same page. */
const GOES_ON = new Set(["reload", "back_forward"]);

/**
 * It is kept over a reload. While the page is open the storage does not have it: a tab that is duplicated begins with
 * a copy of the storage, and is another reader.
 *
 * @param {object} options
 * @param {Storage | null} options.storage of the tab; without one, every load has an id of its own
 * @param {string} options.thread id of the thread that the page shows
 * @param {string} [options.navigation] how the page was loaded, as PerformanceNavigationTiming.type says it
 * @returns {string} UUID
 */
export function readerId({ storage, thread, navigation = navigationType() }) {
  const kept = taken(storage);
  const id = (GOES_ON.has(navigation) && kept?.thread === thread && kept.id) || newRef();
  addEventListener("pagehide", () => keep(storage, KEY, { thread, id }));
  addEventListener("pageshow", () => taken(storage));
  return id;
}

/** @returns {string} how the page was loaded, as PerformanceNavigationTiming.type says it */
export function navigationType() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation instanceof PerformanceNavigationTiming ? navigation.type : "navigate";
}

/**
 * @param {Storage | null} storage
 * @returns {{thread: string, id: string} | null}
 */
function taken(storage) {
  /** @type {{thread: string, id: string} | null} */
  const kept = readKept(storage, KEY);
  forget(storage, KEY);
  return kept;
}
