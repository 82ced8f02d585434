/** What a refusal means to the person who wrote, and what can be done about it. Pure. */

import { inWords } from "./countdown.js";

/**
 * @import { Refusal } from "../client/wire.js"
 * @import { Entry } from "../thread/types.js"
 */

/** Where the site's own sentence is for programs, or says too little beneath a comment. @type {Record<string, string>} */
const SENTENCES = {
  blank: "There is nothing in it to read.",
  login_required: "Please log in to post it.",
  bad_token: "Please log in again to post it.",
  forbidden: "You may not comment here.",
  banned: "This account was switched off. It can't write comments any more.",
  ref_conflict: "An earlier version of it was already sent.",
  not_found: "This page is no longer here.",
  rate_limited: "That was a little fast.",
  busy: "The site is busy.",
  old: "You wrote it a while ago.",
  bad_field: "The site could not read it.",
};

/** The site's own advice, in place of which the time that is left is counted. */
const ADVICE = / ?(Please )?[Tt]ry again in [^.]*\.$/;
/** Sending the same again can't help; changing the text or the place can. */
const FINAL = new Set(["blank", "too_long", "bad_parent", "ref_conflict", "bad_field"]);
/** The site asks for time, not for another comment. */
const PASSING = new Set(["rate_limited", "busy"]);
/** The server does not know any more who writes. */
const LOGGED_OUT = new Set(["login_required", "bad_token"]);

/**
 * @param {Partial<Refusal> | null} error as on the wire
 * @returns {{text: string, retry: boolean, passing: boolean, loggedOut: boolean}}
 */
export function refusal(error) {
  const reason = error?.reason ?? "";
  // The site knows whether it was this person who was fast, or all the people of one address.
  const asked = reason === "rate_limited" ? error?.message?.replace(ADVICE, "") : "";
  return {
    text: asked || (SENTENCES[reason] ?? error?.message ?? "It could not be sent."),
    retry: !FINAL.has(reason),
    passing: PASSING.has(reason),
    loggedOut: LOGGED_OUT.has(reason),
  };
}

/**
 * @param {Entry} entry
 * @param {{live: boolean, online: boolean, now: number, self: string | undefined}} at `self`: id of whoever this page writes as
 * @returns {string} the line beneath an entry
 */
export function entryText(entry, { live, online, now, self }) {
  if (entry.state === "sending" || entry.state === "sent") return "Sending…";
  if (entry.state === "pending") return "Waiting for a moderator. Only you see it.";
  if (entry.state === "failed") return `Not sent. ${refusal(entry.error).text}`;
  if (entry.author !== self) return "Not sent. It was written under another name.";
  // Its time may be over while there is no way to send it.
  if (entry.state === "waiting" && (live || entry.dueAt > now)) return `${refusal(entry.error).text} Sending again in ${inWords(entry.dueAt - now)}.`;
  if (live) return "Sending…"; // its turn comes after the one before it
  return online ? "Will be sent when the connection is back." : "Will be sent when you are back online.";
}
