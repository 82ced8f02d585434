/** A page made with React, as tests/page/test_frameworks.py bundles it. */

import { StrictMode, createElement as h } from "react";
import { createRoot } from "react-dom/client";
import { useLiveComments } from "../../../comments/static/comments/js/client/react.js";

function Comments({ url }) {
  const { comments, status, post } = useLiveComments(url);
  return h(
    "main",
    { "data-status": status },
    h("button", { onClick: () => post("Written here") }, "Post"),
    comments.map(({ id, content }) => h("p", { key: id }, content)),
  );
}

/** @returns what shows another thread, and takes everything away again */
export function mount(element, url) {
  const root = createRoot(element);
  const show = (address) => root.render(h(StrictMode, null, h(Comments, { url: address })));
  show(url);
  return { show, end: () => root.unmount() };
}
