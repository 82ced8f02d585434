/** Comments that leave the list where the reader sees it. */

import { isInSight, reducedMotion } from "./anchor.js";

const COLLAPSE = 220; // ms

/**
 * Takes a comment away. It is seen leaving where it is in sight.
 * @param {HTMLElement} node
 * @param {HTMLElement} article
 */
export function leave(node, article) {
  if (!isInSight(node) || document.hidden || reducedMotion()) node.remove();
  else collapse(node, article);
}

/**
 * @param {Element | null} node
 * @returns {Element | null} it, or the next one that is not about to leave
 */
export function presentFrom(node) {
  let present = node;
  while (present?.classList.contains("is-leaving")) present = present.nextElementSibling;
  return present;
}

/**
 * @param {HTMLElement} node
 * @param {HTMLElement} article
 */
function collapse(node, article) {
  node.classList.add("is-leaving");
  node.inert = true;
  article.removeAttribute("id");
  const frames = [{ height: `${node.offsetHeight}px`, opacity: 1 }, { height: "0px", opacity: 0 }];
  const list = node.parentElement;
  const gone = () => {
    node.remove();
    if (list?.matches(".comment-replies:empty")) list.remove();
  };
  node.animate(frames, { duration: COLLAPSE, easing: "ease-out" }).finished.then(gone, gone);
}
