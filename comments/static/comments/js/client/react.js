/** Live comments in React. Whoever imports this has a bundler, which finds "react". */

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { LiveComments } from "./live_comments.js";

/** @import { Options } from "./types.js" */

/** @type {LiveComments["comments"]} what a server renders */
const NONE = [];

/**
 * @param {string} url address of the thread's calls
 * @param {Omit<Options, "url">} [options] read anew where `url` changes, and only there
 */
export function useLiveComments(url, options) {
  const live = useMemo(() => new LiveComments({ ...options, url }), [url]);
  const [subscribe, post, typing] = useMemo(() => [subscriptionOf(live), live.post.bind(live), live.typing.bind(live)], [live]);
  useEffect(() => {
    live.connect();
    return () => live.close();
  }, [live]);
  const comments = useSyncExternalStore(subscribe, () => live.comments, () => NONE);
  const status = useSyncExternalStore(subscribe, () => live.status, () => "closed");
  return { comments, status, post, typing, live };
}

/** @param {LiveComments} live */
const subscriptionOf = (live) => (/** @type {() => void} */ notify) => {
  const ends = [live.on("*", notify), live.onStatus(notify)];
  return () => ends.forEach((end) => end());
};
