/**
 * The shapes that the page's modules share, beside those of the wire (../client/wire.js). This module runs nothing.
 *
 * @import { Comment as WireComment, Refusal } from "../client/wire.js"
 *
 * @typedef {Omit<WireComment, "content" | "html" | "role" | OfOwn> & Partial<Pick<WireComment, OfOwn>> & OfPage} Comment
 * @typedef {"edited_by" | "reactions" | "reaction_seq" | "reacted"} OfOwn missing in a tombstone
 * @typedef {object} OfPage
 * @property {string} role
 * @property {string} [content] missing where the server rendered the comment with the page
 * @property {string | null} html null: its text stands in the page already
 * @property {string} [ref] of the own entry that it was
 * @typedef {Comment & {seq: number, counted: number}} StoredComment `seq`: of the change, or of the page, that it is
 *   known from; `counted`: the same of its `reply_count`
 *
 * @typedef {object} Edge where a window ends and its list goes on
 * @property {string | null} cursor of the server's; null: what lies beyond is asked for around `id`
 * @property {string} id of the last that is within
 * @typedef {{previous: Edge | null, next: Edge | null}} Window the part of a list that is loaded without a hole
 * @typedef {Window & {earlier: number}} Conversation the window of replies below one root; `earlier`: visible comments
 *   before it, where its list goes on at both ends
 *
 * @typedef {object} RepliesPage comments below one root, oldest first
 * @property {string} epoch
 * @property {number} seq
 * @property {number} [reaction_seq]
 * @property {string} root
 * @property {number} reply_count visible ones in the whole conversation
 * @property {Comment[]} results
 * @property {string | null} previous cursor
 * @property {string | null} next cursor
 * @property {number} earlier how many stand before the page
 * @property {number} later how many stand behind it
 *
 * @typedef {object} Page a page of roots, each with a window of its replies
 * @property {string} epoch
 * @property {number} seq
 * @property {number} [reaction_seq]
 * @property {number} count of visible comments in the thread
 * @property {string} [policy]
 * @property {string} [sort]
 * @property {string | null} [previous] cursor
 * @property {string | null} next cursor
 * @property {{id: string, state: "here" | "removed" | "unknown"} | null} [around]
 * @property {(Comment & {replies: Pick<RepliesPage, "results" | "previous" | "next" | "earlier" | "later">})[]} results
 *
 * @typedef {"queued" | "sending" | "waiting" | "failed" | "sent" | "pending"} EntryState
 *
 * @typedef {object} Entry an own comment that the server has not shown back yet
 * @property {string} ref UUID; the server stores one comment per ref, however often it is sent
 * @property {string} content
 * @property {string | null} parent
 * @property {string} author id of the person who wrote it; it is never sent as anybody else
 * @property {number} at ms, when it was written
 * @property {EntryState} state
 * @property {string | null} id of the stored comment, once the server has acked
 * @property {number | null} seq of the stored comment
 * @property {Partial<Refusal> | null} error the server's last answer, when it was a refusal
 * @property {number} dueAt ms, when a waiting entry may be sent again
 * @property {string | null} after id of a comment that is older than its own; null where none is known
 * @property {string | null} shownAs id of the comment that must be its own, though no answer has said so
 *
 * @typedef {object} ItemBase
 * @property {string} key one per comment or entry, for as long as it is shown
 * @property {string | null} ref of the entry whose place the comment takes
 * @property {StoredComment | null} to the comment answered, where nesting does not say so
 * @property {boolean} orphan it answers a comment that is not shown
 * @property {number} earlier visible comments of the conversation before those shown; 0 for what is no root
 * @property {number} later visible comments of the conversation behind those shown
 * @property {Item[]} replies
 * @property {Item[]} after own ones that stand behind those that are not loaded
 * @typedef {ItemBase & {comment: StoredComment, entry: null}} CommentItem
 * @typedef {ItemBase & {comment: null, entry: Entry}} EntryItem
 * @typedef {CommentItem | EntryItem} Item
 */

export {};
