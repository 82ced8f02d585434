import { Composer } from "../../../comments/static/comments/js/writing/composer.js";
import { Announcer } from "../../../comments/static/comments/js/page/announcer.js";
import { newSection, press, show, submit, type } from "./form.mjs";
import { FakeClock, equal, test } from "./harness.mjs";

const ANNA = { id: "u1", name: "Anna", role: "member" };

function write({ user = ANNA, takesGuests = true, isKept = true, onName = async () => {} } = {}) {
  const section = newSection();
  const page = { section, drafts: {}, typing: [], submitted: [], text: section.querySelector("#comment-content"), clock: new FakeClock() };
  page.composer = new Composer(section, {
    limit: 10,
    takesGuests,
    announcer: new Announcer(section, page.clock),
    onSubmit: ({ content, parent }) => Boolean(page.submitted.push({ content, parent })),
    onName,
    onTyping: (on, parent) => page.typing.push([on, parent]),
    onDraft: ({ content, parent }) => {
      page.drafts[parent] = content;
      return isKept;
    },
    draftOf: (parent) => page.drafts[parent] ?? "",
    preview: async (content) => {
      if (content === "?") throw new Error("Not this one.");
      return `<em>${content}</em>`;
    },
    names: () => ["Ben", "Zoë Ångström", "Bea"],
    keepAnchor: (move) => {
      const focused = document.activeElement;
      move();
      focused.focus();
    },
  });
  page.composer.name.setUser(user);
  page.heard = () => {
    page.clock.advance(6_000);
    return page.said(".comments-announcer");
  };
  page.said = (selector) => section.querySelector(selector).textContent;
  return page;
}

test("what is blank or too long is said and not sent", () => {
  const page = write();
  type(page.section, " \u200b ");
  submit(page.section);
  equal(page.said("#comment-error"), "Write something first.");
  type(page.section, "x".repeat(11));
  equal(page.said(".composer-count"), "1 character too many");
  submit(page.section);
  equal(page.said("#comment-error"), "This is too long by 1 character. Please shorten it.");
  equal(page.submitted, []);
});

test("a reply is written beneath what it answers, and the form goes home once it is sent", () => {
  const page = write();
  const article = show(page.section, "7");
  page.composer.reply.answer({ id: "7", user: "Ben", version: 1 }, article);
  type(page.section, "Yes");
  equal([article.nextElementSibling === page.composer.form, page.drafts], [true, { 7: "Yes" }]);
  submit(page.section);
  equal(page.submitted, [{ content: "Yes", parent: "7" }]);
  equal([page.composer.reply.isHome, page.drafts, page.text.value], [true, { 7: "" }, ""]);
});

test("each place keeps what was begun in it", () => {
  const page = write();
  const article = show(page.section, "7");
  type(page.section, "For all");
  page.composer.reply.answer({ id: "7", user: "Ben" }, article);
  equal(page.text.value, "");
  type(page.section, "For Ben");
  equal(press(page.section, "Escape"), true);
  equal([page.composer.reply.isHome, page.text.value], [true, "For all"]);
  page.composer.reply.answer({ id: "7", user: "Ben" }, article);
  equal(page.text.value, "For Ben");
});

test("a second press finds nothing to send, and says nothing; later it is said", async () => {
  const page = write();
  type(page.section, "Once");
  submit(page.section);
  submit(page.section);
  equal([page.submitted.length, page.said("#comment-error")], [1, ""]);
  type(page.section, " ");
  submit(page.section);
  equal(page.said("#comment-error"), "Write something first.");
});

test("it is a line until it has the focus, and stays open with what was typed before", () => {
  const page = write();
  equal(page.composer.form.matches(".is-line"), true);
  page.text.focus();
  equal(page.composer.form.matches(".is-line"), false);
  const other = write();
  other.composer.restore("Half a sent");
  equal(other.composer.form.matches(".is-line"), false);
});

test("a closed thread takes nothing, and keeps what was typed in sight", () => {
  const page = write();
  page.composer.setOpen({ closed: true });
  equal(page.composer.form.hidden, true);
  page.composer.setOpen({ closed: false });
  type(page.section, "Half");
  page.composer.setOpen({ closed: true });
  submit(page.section);
  equal([page.composer.form.hidden, page.text.value, page.submitted], [false, "Half", []]);
  equal(page.said(".composer-note"), "Comments were closed. Your text is kept here.");
  page.composer.setOpen({ closed: false });
  submit(page.section);
  equal(page.submitted.length, 1);
});

test("on the way to the login the browser keeps the text; where it keeps nothing, the form takes it to the site", () => {
  for (const isKept of [true, false]) {
    const page = write({ user: null, isKept });
    const left = [];
    page.section.addEventListener("submit", (event) => {
      left.push(event.defaultPrevented);
      event.preventDefault();
    });
    type(page.section, "Half");
    page.section.querySelector(".composer-login").click();
    equal([left, page.submitted], [isKept ? [] : [false], []]);
  }
  equal(location.hash, "#login");
});

test("keys belong to an input method while it composes, by whichever sign it says so", () => {
  const page = write();
  type(page.section, "日本");
  for (const more of [{ isComposing: true }, { keyCode: 229 }]) {
    equal([press(page.section, "Enter", { ctrlKey: true, ...more }), press(page.section, "Escape", more)], [false, false]);
  }
  equal(page.submitted, []);
  press(page.section, "Enter", { metaKey: true });
  equal(page.submitted.length, 1);
});

test("names of the people here complete what follows an @", () => {
  const page = write();
  const options = () => [...page.section.querySelectorAll("[role=option]")].map(({ textContent }) => textContent);
  const active = () => page.section.querySelector(`#${page.text.getAttribute("aria-activedescendant")}`)?.textContent;
  type(page.section, "So says @b");
  equal([options(), active()], [["Ben", "Bea"], "Ben"]);
  press(page.section, "ArrowDown");
  equal(active(), "Bea");
  press(page.section, "ArrowDown");
  equal([press(page.section, "Enter"), page.text.value, options()], [true, "So says @Ben ", []]);
  type(page.section, "@ang");
  page.section.querySelector("[role=option]").click();
  equal([page.text.value, page.drafts.null], ["@Zoë Ångström ", "@Zoë Ångström "]);
  type(page.section, "@be");
  equal([press(page.section, "Escape"), options(), page.text.value], [true, [], "@be"]);
  equal(press(page.section, "Enter"), false);
});

test("the preview stands in the text's place, and typing is a press away", async () => {
  const page = write();
  const look = page.section.querySelector(".composer-look");
  type(page.section, "*So*");
  look.click();
  await new Promise((done) => setTimeout(done, 0));
  equal([page.said(".composer-preview"), page.text.hidden, look.textContent], ["*So*", true, "Keep writing"]);
  look.click();
  equal([page.text.hidden, look.textContent, document.activeElement === page.text], [false, "Preview", true]);
  type(page.section, "?");
  look.click();
  await new Promise((done) => setTimeout(done, 0));
  equal([page.said("#comment-error"), page.text.hidden], ["Not this one.", false]);
});

test("somebody who types has not stopped because the form was moved", async () => {
  const page = write();
  type(page.section, "Well");
  page.composer.reply.answer({ id: "7", user: "Ben" }, show(page.section, "7"));
  await null;
  equal(page.typing, [[true, null]]);
  page.text.blur();
  await null;
  equal(page.typing, [[true, null], [false, "7"]]);
});

test("a guest gives a name first, and is told why it is not taken", async () => {
  let problem = new Error("That name is taken.");
  const page = write({
    user: null,
    onName: async () => {
      if (problem) throw problem;
    },
  });
  type(page.section, "Hello");
  submit(page.section);
  await null;
  await null;
  equal([page.submitted, page.said("#comment-name-error")], [[], "That name is taken."]);
  problem = null;
  await new Promise((done) => setTimeout(done, 0));
  submit(page.section);
  await new Promise((done) => setTimeout(done, 0));
  equal([page.submitted, page.said("#comment-name-error")], [[{ content: "Hello", parent: null }], ""]);
});

test("a guest who has to wait for a name sees how long, and may choose another", async () => {
  const page = write({
    user: null,
    onName: async () => {
      throw Object.assign(new Error(), { reason: "rate_limited", message: "Many do. Try again in 60 s.", retry_after: 60 });
    },
  });
  const name = page.section.querySelector("#comment-name");
  type(page.section, "Hello");
  submit(page.section);
  await null;
  await null;
  equal(page.said("#comment-name-error").replace(/\d+ s/, "60 s"), "Many do. Trying again in 60 s.");
  name.dispatchEvent(new Event("input"));
  await new Promise((done) => setTimeout(done, 0));
  equal([page.said("#comment-name-error"), page.submitted], ["", []]);
  submit(page.section);
  await null;
  await null;
  page.composer.name.setUser(ANNA);
  await new Promise((done) => setTimeout(done, 0));
  equal(page.submitted, [{ content: "Hello", parent: null }], "somebody is known meanwhile:");
});

test("where guests are not taken, whoever is not logged in has no form", () => {
  const page = write({ user: null, takesGuests: false });
  const hidden = () => [".composer", ".comments-login", ".comments-closed"].map((part) => page.section.querySelector(part).hidden);
  page.composer.setOpen({ closed: false });
  equal(hidden(), [true, false, true]);
  page.composer.name.setUser(ANNA);
  page.composer.setOpen({ closed: false });
  equal(hidden(), [false, true, true]);
  page.composer.setOpen({ closed: true });
  equal(hidden(), [true, true, false]);
});

test("where the account was switched off, the page says so, and asks neither for a login nor for another name", () => {
  const page = write();
  page.composer.ban();
  page.composer.setOpen({ closed: false });
  equal([page.composer.form.hidden, page.composer.loginNotice.hidden], [true, false]);
  equal(page.said(".comments-login"), "This account was switched off. It can't write comments any more.");
});

test("where the form goes, the focus is at the sentence that says why", () => {
  const page = write();
  page.text.focus();
  page.composer.setOpen({ closed: true });
  equal([page.composer.form.hidden, document.activeElement.className], [true, "comments-closed"]);
});

test("whoever gave a name goes on at the text", () => {
  const page = write({ user: null });
  const name = page.section.querySelector("#comment-name");
  name.focus();
  page.composer.name.setUser({ id: "g1", name: "Maya", role: "guest" });
  equal([name.disabled, document.activeElement === page.text], [true, true]);
});

test("whoever gives up an answer to what is not here any more is at the form", () => {
  const page = write();
  page.composer.reply.answer({ id: "7", user: "Ben" }, null);
  const cancel = page.section.querySelector(".composer-cancel");
  cancel.focus();
  cancel.click();
  equal(document.activeElement === page.text, true);
});

test("what the form says is said by the page's one voice, and a countdown once", async () => {
  let left = 3;
  const page = write({ user: null, onName: async () => { throw new Error(`Too fast. ${left} s left.`); } });
  submit(page.section);
  equal(page.heard(), "Write something first.");
  type(page.section, "Hello @b");
  equal(page.heard(), "2 names.");
  press(page.section, "Escape");
  page.composer.note.say("parent", "The comment you are answering was changed.");
  equal(page.heard(), "The comment you are answering was changed.");
  page.section.querySelector(".composer-look").click();
  await new Promise((done) => setTimeout(done, 0));
  equal(page.heard(), "Preview: Hello @b.");
  for (const heard of ["Too fast. 3 s left.", "Too fast. 3 s left."]) {
    submit(page.section);
    await new Promise((done) => setTimeout(done, 0));
    equal([page.heard(), page.said("#comment-name-error")], [heard, `Too fast. ${left} s left.`]);
    left -= 1;
  }
});
