import { Composer } from "../../../comments/static/comments/js/writing/composer.js";
import { newSection, show, submit, type } from "./form.mjs";
import { equal, test } from "./harness.mjs";

const ANNA = { id: "u1", name: "Anna", role: "member" };

function write({ user = ANNA, takesGuests = true, onName = async () => {} } = {}) {
  const section = newSection();
  const page = { section, drafts: [], typing: [], submitted: [], text: section.querySelector("#comment-content") };
  page.composer = new Composer(section, {
    limit: 10,
    takesGuests,
    onSubmit: (draft) => Boolean(page.submitted.push(draft)),
    onName,
    onTyping: (on, parent) => page.typing.push([on, parent]),
    onDraft: (draft) => page.drafts.push(draft),
    keepAnchor: (move) => {
      const focused = document.activeElement;
      move();
      focused.focus();
    },
  });
  page.composer.name.setUser(user);
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
  page.composer.reply.answer({ id: "7", user: "Ben" }, article);
  type(page.section, "Yes");
  equal([article.nextElementSibling === page.composer.form, page.drafts.at(-1)], [true, { content: "Yes", parent: "7" }]);
  submit(page.section);
  equal(page.submitted, [{ content: "Yes", parent: "7" }]);
  equal([page.composer.reply.isHome, page.drafts.at(-1)], [true, { content: "", parent: null }]);
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
