/** Live comments in Vue. Whoever imports this has a bundler, which finds "vue". */

import { shallowRef, toValue, watch } from "vue";
import { LiveComments } from "./live_comments.js";

/** @import { Options } from "./types.js" */
/** @import { MaybeRefOrGetter } from "vue" */

/**
 * @param {MaybeRefOrGetter<string>} url address of the thread's calls
 * @param {Omit<Options, "url">} [options] read anew where `url` changes, and only there
 */
export function useLiveComments(url, options) {
  const live = shallowRef(new LiveComments({ ...options, url: toValue(url) }));
  const comments = shallowRef(live.value.comments);
  const status = shallowRef(live.value.status);
  watch(
    () => toValue(url),
    (address, before, onCleanup) => {
      const next = before === undefined ? live.value : new LiveComments({ ...options, url: address });
      const read = () => {
        comments.value = next.comments;
        status.value = next.status;
      };
      live.value = next;
      const ends = [next.on("*", read), next.onStatus(read)];
      onCleanup(() => {
        for (const end of ends) end();
        next.close();
      });
      read();
      if (globalThis.document) next.connect(); // a server only renders
    },
    { immediate: true },
  );
  /** @type {LiveComments["post"]} */
  const post = (content, how) => live.value.post(content, how);
  /** @type {LiveComments["typing"]} */
  const typing = (on, parent) => live.value.typing(on, parent);
  return { comments, status, post, typing, live };
}
