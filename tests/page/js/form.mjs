/** The part of the section that is written in, as comments/templates/comments/composer.html has it. */

const FORM = `
  <p class="comments-announcer"></p>
  <p class="comments-closed" tabindex="-1" hidden></p>
  <p class="comments-login" tabindex="-1" hidden></p>
  <div class="composer-place">
    <form class="composer is-line" id="comment-form">
      <input type="hidden" name="parent" value="">
      <p class="composer-to" hidden><b></b> <a class="composer-cancel" href="#">Cancel</a></p>
      <textarea id="comment-content"></textarea>
      <ul class="composer-people" id="comment-people" role="listbox" hidden></ul>
      <div class="composer-preview" hidden></div>
      <p class="composer-count" hidden></p>
      <button class="composer-look" type="submit">Preview</button>
      <p id="comment-error" hidden></p>
      <p class="composer-note" hidden></p>
      <div class="composer-name">
        <input id="comment-name">
        <p id="comment-name-error" hidden></p>
      </div>
      <p class="composer-as" hidden><b></b> <button class="composer-rename" type="button" hidden></button></p>
      <span class="composer-or"><button class="composer-login" data-href="#login"></button></span>
      <button class="composer-send" type="submit">Post</button>
    </form>
  </div>
  <ol class="comment-list"></ol>`;

/** @returns {HTMLElement} a section in the document, in the place of the last one */
export function newSection() {
  const section = document.createElement("section");
  section.innerHTML = FORM;
  document.body.replaceChildren(section);
  return section;
}

/** Puts a comment into the list, which can be answered. */
export function show(section, id) {
  const item = document.createElement("li");
  item.innerHTML = `<article id="comment-${id}"><a class="comment-reply" href="#">Reply</a></article>`;
  section.querySelector(".comment-list").prepend(item);
  return item.firstElementChild;
}

export function type(section, text) {
  const field = section.querySelector("#comment-content");
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input"));
}

export function submit(section) {
  section.querySelector("form").dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
}

export function press(section, key, more = {}) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  section.querySelector("#comment-content").dispatchEvent(event);
  return event.defaultPrevented;
}
