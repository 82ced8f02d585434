import { Drafts } from "../../../comments/static/comments/js/writing/drafts.js";
import { Entries } from "../../../comments/static/comments/js/writing/entries.js";
import { Tab } from "../../../comments/static/comments/js/writing/tab.js";
import { equal, test } from "./harness.mjs";

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

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

/** The locks of a browser: each has one holder at a time, and a tab that ends lets go. */
class Locks {
  held = new Map();

  of(tab) {
    return { request: (name, options, callback) => this.request(tab, name, options, callback) };
  }

  async request(tab, name, { ifAvailable }, callback) {
    if (ifAvailable && this.held.has(name)) return callback(null);
    if (this.held.has(name)) throw new DOMException("", "AbortError"); // as after the tab's patience
    this.held.set(name, tab);
    const result = callback({ name });
    Promise.resolve(result).then(() => this.held.delete(name));
    return result;
  }

  end(tab) {
    for (const [name, holder] of this.held) if (holder === tab) this.held.delete(name);
  }
}

/** One browser at one site; its tabs share what it keeps. */
function newBrowser({ hasLocks = true, storage = storageOf() } = {}) {
  const browser = { storage, locks: new Locks(), time: 0 };
  browser.open = async ({ member = "", session = storageOf(), thread = "1" } = {}) => {
    const page = { session };
    const tab = new Tab({ session, locks: hasLocks ? browser.locks.of(page) : undefined });
    page.drafts = new Drafts({ thread, storage, now: () => browser.time, tab });
    page.write = (content, parent = null, by = member) => {
      browser.time += 1;
      return page.drafts.save(by, { content, parent });
    };
    page.reads = (by = member) => page.drafts.latest(by)?.content;
    page.crash = () => browser.locks.end(page);
    await page.drafts.open(member);
    return page;
  };
  return browser;
}

const none = undefined;

test("a draft is there after a reload, in its place", async () => {
  const browser = newBrowser();
  const first = await browser.open();
  first.write("For all");
  first.write("For Ben", "7");
  first.drafts.close();
  const second = await browser.open({ session: first.session });
  equal([second.reads(), second.drafts.of("", null).content, second.drafts.of("", "7").content], ["For Ben", "For all", "For Ben"]);
  second.write("", "7");
  second.drafts.close();
  equal((await browser.open({ session: first.session })).reads(), "For all");
});

test("two tabs neither show, overwrite nor delete each other's", async () => {
  const browser = newBrowser();
  const [first, second] = [await browser.open(), await browser.open()];
  first.write("First");
  second.write("Second");
  equal((await browser.open()).reads(), none);
  second.write("");
  for (const [page, text] of [[second, none], [first, "First"]]) {
    page.drafts.close();
    equal((await browser.open({ session: page.session })).reads(), text);
  }
});

test("a tab that is a copy of another is another, though it begins with its id", async () => {
  const browser = newBrowser();
  const first = await browser.open();
  first.write("First");
  const copy = await browser.open({ session: storageOf({ "comments:tab": first.session.getItem("comments:tab") }) });
  copy.write("Copy");
  first.drafts.close();
  equal((await browser.open({ session: first.session })).reads(), "First");
});

test("the draft of a tab that crashed or was closed goes on in the next one, and in that one only", async () => {
  const browser = newBrowser();
  for (const end of [(page) => page.crash(), (page) => page.drafts.close()]) {
    const first = await browser.open();
    first.write("Half a sent");
    end(first);
    const [second, third] = await Promise.all([browser.open(), browser.open()]);
    equal([second.reads(), third.reads()].filter(Boolean), ["Half a sent"]);
    for (const page of [second, third]) {
      page.write("");
      page.drafts.close();
    }
  }
});

test("where the browser has no locks, a tab is gone that said so, or is silent for long", async () => {
  const browser = newBrowser({ hasLocks: false });
  const first = await browser.open();
  first.write("Half a sent");
  equal((await browser.open()).reads(), none);
  browser.time += HOUR;
  const second = await browser.open();
  equal(second.reads(), "Half a sent");
  second.drafts.close();
  equal((await browser.open()).reads(), "Half a sent");
});

test("what a visitor typed is there after they log in, and theirs from then on", async () => {
  const browser = newBrowser();
  const visitor = await browser.open();
  visitor.write("Typed before", "7");
  visitor.drafts.close();
  const member = await browser.open({ session: visitor.session, member: "u1" });
  equal(member.reads(), "Typed before");
  member.drafts.claim("u1", { content: "Typed before", parent: "7" });
  member.write("Typed after", "7");
  member.drafts.close();
  equal((await browser.open({ session: visitor.session })).reads(), none);
});

test("a member's draft waits for that member, through a logout and others' visits", async () => {
  const browser = newBrowser();
  const anna = await browser.open({ member: "u1" });
  anna.write("Anna's");
  anna.drafts.close();
  anna.crash();
  for (const member of ["u2", ""]) {
    const page = await browser.open({ session: anna.session, member });
    equal(page.reads(), none);
    page.write("Another's");
    equal(page.reads(), "Another's");
    if (member) page.write("");
    page.drafts.close();
    page.crash();
  }
  const back = await browser.open({ session: anna.session, member: "u1" });
  equal(back.drafts.list("u1").map(({ content }) => content), ["Anna's", "Another's"]);
  equal([back.drafts.claim("u1", { content: "Another's", parent: null }).content, back.reads()], ["Anna's\n\nAnother's", "Anna's\n\nAnother's"]);
  back.drafts.close();
  back.crash();
  equal((await browser.open({ session: anna.session })).reads(), none);
});

test("a page that somebody comes back to takes what other pages of its tab wrote", async () => {
  const browser = newBrowser();
  const page = await browser.open();
  page.write("Half");
  page.drafts.close();
  const next = await browser.open({ session: page.session });
  next.write("Half a sent");
  next.drafts.close();
  await page.drafts.open("");
  equal(page.reads(), "Half a sent");
});

test("what was written and never sent is kept for a week; what a page keeps under another name stays", async () => {
  const values = { "comments:theme": "dark" };
  const browser = newBrowser({ storage: storageOf(values) });
  const page = await browser.open();
  page.write("Half a sent");
  page.drafts.close();
  new Entries({ thread: "1", storage: browser.storage, now: () => 0 }).save([written]);
  const entries = (time) => new Entries({ thread: "1", storage: browser.storage, now: () => time }).of("u1").map(({ ref }) => ref);
  browser.time = 6 * DAY;
  equal([(await browser.open()).reads(), entries(6 * DAY)], ["Half a sent", ["a"]]);
  browser.time = 14 * DAY;
  equal([(await browser.open()).reads(), entries(8 * DAY)], [none, []]);
  equal(Object.keys(values), ["comments:theme"]);
});

const written = { ref: "a", content: "Text", parent: null, author: "u1", at: 0, id: null };

test("another tab's entries are not removed", () => {
  const storage = storageOf();
  const [here, there] = [1, 2].map(() => new Entries({ thread: "1", storage, now: () => 0 }));
  there.save([written]);
  here.save([{ ...written, ref: "b" }]);
  here.save([]);
  equal(there.of("u1").map(({ ref }) => ref), ["a"]);
});

test("a member finds what they wrote as a guest, and was never sent", () => {
  const entries = new Entries({ thread: "1", storage: storageOf(), now: () => 0 });
  entries.save([{ ...written, author: "g1" }]);
  equal([entries.of("u1"), entries.ofGuests().map(({ ref }) => ref)], [[], ["a"]]);
});

test("without a storage nothing is kept over a reload, the page itself forgets nothing, and nothing breaks", async () => {
  const full = { getItem: () => null, removeItem: () => {}, setItem: () => { throw new Error("full"); } };
  for (const storage of [null, full]) {
    const page = await newBrowser({ storage }).open();
    equal([page.write("Half a sent"), page.reads()], [false, "Half a sent"]);
    page.drafts.close();
    await page.drafts.open("");
    equal(page.reads(), "Half a sent");
    const entries = new Entries({ thread: "1", storage, now: () => 0 });
    entries.save([written]);
    equal(entries.of("u1"), []);
  }
});
