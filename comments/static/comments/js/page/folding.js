/**
 * Long comments show their beginning, and a button that shows the rest. comments.css folds them, and only where scripts
 * run: without one they stand in full. `isLong` judges as the `long` filter of the server's templates does.
 */

const MOST_LETTERS = 1_400;
const MOST_LINES = 16;

/** @param {string} content the source of a comment */
export function isLong(content) {
  return content.length > MOST_LETTERS || content.split("\n").length > MOST_LINES;
}

/**
 * Folds a text that was drawn anew as it was before, or as its length asks for.
 * @param {Element} text
 * @param {{html: string | null, content?: string}} comment
 * @param {Element | null} old what stood in its place
 */
export function fold(text, { html, content = "" }, old) {
  const before = old?.querySelector(".comment-text");
  const isStill = html === null;
  text.classList.toggle("is-long", isStill ? Boolean(before?.matches(".is-long")) : isLong(content));
  text.classList.toggle("is-open", Boolean(before?.matches(".is-open")));
}

/**
 * Opens what is folded when it is asked for, and when the focus, a search or a link leads into what does not show.
 * @param {Element} list
 */
export function watchFolds(list) {
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest(".comment-unfold") : null;
    const article = button?.closest(".comment");
    const text = article?.querySelector(".comment-text");
    if (!(article instanceof HTMLElement) || !text) return;
    const isFocused = button === document.activeElement;
    text.classList.add("is-open");
    if (isFocused) article.focus({ preventScroll: true });
  });
  const open = (/** @type {Event} */ { target }) => {
    if (!(target instanceof Element)) return;
    const text = target.closest(".comment-text.is-long:not(.is-open)");
    text?.classList.add("is-open");
    // The browser brought it into sight where it was.
    if (text && target !== text) target.scrollIntoView({ block: "nearest" });
  };
  list.addEventListener("focusin", open);
  // A search scrolls to what it found, also where that is folded away.
  list.addEventListener("scroll", open, true);
}
