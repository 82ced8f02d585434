/** A page made with Vue, as tests/page/test_frameworks.py bundles it. */

import { createApp, h, ref } from "vue";
import { useLiveComments } from "../../../comments/static/comments/js/client/vue.js";

/** @returns what shows another thread, and takes everything away again */
export function mount(element, url) {
  const shown = ref(url);
  const app = createApp({
    setup() {
      const { comments, status, post } = useLiveComments(shown);
      return () =>
        h("main", { "data-status": status.value }, [
          h("button", { onClick: () => post("Written here") }, "Post"),
          comments.value.map(({ id, content }) => h("p", { key: id }, content)),
        ]);
    },
  });
  app.mount(element);
  return { show: (address) => (shown.value = address), end: () => app.unmount() };
}
