/** Keeps the line that is being read where it is while the text around it is exchanged. */

const BLOCKS = "h1, h2, h3, h4, h5, h6, p, li, pre, blockquote, table, figure, dt, dd";

/**
 * @param {Element} old text on the page
 * @param {Element} fresh that takes its place
 * @param {() => void} exchange
 */
export function keepLine(old, fresh, exchange) {
  const middle = innerHeight / 2;
  const { bottom } = old.getBoundingClientRect();
  if (bottom <= middle) {
    // What is read lies below the text: its end stays where it is.
    exchange();
    scrollBy({ top: fresh.getBoundingClientRect().bottom - bottom, behavior: "instant" });
    return;
  }
  const blocks = [...old.querySelectorAll(BLOCKS)];
  const tops = blocks.map((block) => block.getBoundingClientRect().top);
  const read = Math.max(0, tops.filter((top) => top <= middle).length - 1);
  const kept = nearest(blocks, read, byText(fresh));
  exchange();
  if (!kept) return;
  scrollBy({ top: kept.block.getBoundingClientRect().top - tops[kept.index], behavior: "instant" });
}

/** @param {Element} body */
function byText(body) {
  /** @type {Map<string, Element>} */
  const found = new Map();
  for (const block of body.querySelectorAll(BLOCKS)) {
    const text = textOf(block);
    if (!found.has(text)) found.set(text, block);
  }
  return found;
}

/**
 * The block closest to the one that is read which the new text has as well, or the one that stands in its place.
 * @param {Element[]} blocks
 * @param {number} read index of the block that is read
 * @param {Map<string, Element>} fresh
 */
function nearest(blocks, read, fresh) {
  for (let away = 0; away < blocks.length; away += 1) {
    for (const index of [read - away, read + away]) {
      const block = blocks[index] && fresh.get(textOf(blocks[index]));
      if (block) return { index, block };
    }
  }
  return null;
}

/** @param {Element} block */
function textOf(block) {
  return `${block.tagName} ${block.textContent?.trim()}`;
}
