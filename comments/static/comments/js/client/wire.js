/**
 * What crosses the wire, as types: the frames and the answers of docs/protocol.md. This module runs nothing.
 *
 * @typedef {"author" | "moderator" | "member" | "guest"} Role
 * @typedef {"open" | "closed"} Policy
 * @typedef {{id: string, name: string}} Person somebody with a name
 * @typedef {Person & {role: Role}} User whom the server takes the reader for
 * @typedef {object} Subject what is commented on
 * @property {string} kind
 * @property {string} key
 * @property {string} url
 * @property {string} [title]
 * @property {number} [revision] grows when it is revised; 0 where the site does not say
 *
 *
 * @typedef {object} Comment
 * @property {string} id a number, too large for JavaScript's own
 * @property {string} user name of its author
 * @property {string} user_id
 * @property {Role | ""} role
 * @property {string} content the source as typed
 * @property {string} html rendered and sanitised by the server
 * @property {string} timestamp ISO 8601, UTC
 * @property {string | null} edited_at
 * @property {"author" | "moderator" | null} edited_by
 * @property {string | null} root id of the comment that its conversation began with; null for that one
 * @property {string | null} parent id of the comment that it replies to
 * @property {number} reply_count visible replies to it; of a root, all visible comments of its conversation
 * @property {string} status `visible`, or `removed` for a tombstone
 * @property {number} version grows with each edit
 * @property {Record<string, number>} reactions people by emoji
 * @property {number} reaction_seq of two counts, the one with the larger is newer
 * @property {string[]} [reacted] own ones; only in snapshots
 *
 * @typedef {{id: string, counts: Record<string, number>, reaction_seq: number}} Reactions people by emoji
 * @typedef {Reactions & {type: "reaction"}} ReactionFrame
 *
 * @typedef {object} Revision a text that a comment has or had
 * @property {number} version
 * @property {string} content
 * @property {"author" | "moderator" | null} edited_by
 * @property {string} timestamp
 *
 * A change has the number `seq`, follows the change `prev`, and says how many comments are visible after it.
 * @typedef {{seq: number, prev: number, count?: number}} Numbered
 * What is said of a comment also says how many replies its root and its parent have then.
 * @typedef {{root_reply_count: number, parent_reply_count: number | null}} Counts
 * `first_seq` is the change with which it appeared first.
 * @typedef {Comment & Numbered & Counts & {type: "message", first_seq?: number, ref?: string}} Message it appeared, was
 *   edited, or is back
 * @typedef {Pick<Comment, "id" | "root" | "parent" | "reply_count">} Gone
 * @typedef {Gone & Numbered & Counts & {type: "removed", reason: string}} Removed
 * @typedef {Numbered & {type: "thread", policy: Policy}} ThreadChanged comments were opened or closed
 * @typedef {Message | Removed | ThreadChanged} Change
 *
 * @typedef {object} Welcome the first frame of a connection
 * @property {"welcome"} type
 * @property {string} epoch
 * @property {number} seq numbered frames that follow start after it
 * @property {User | null} user
 * @property {Policy} [policy] missing, like all that follows, where the page polls
 * @property {Subject} [subject]
 * @property {string} [now] the time by the server's clock, ISO 8601
 * @property {number} [reaction_seq] the same for the reactions
 * @property {{post: boolean, edit: boolean, reactions: string[], moderate: boolean}} [can]
 * @property {{content: number, frame: number, edit: number, undo: number}} [limits] characters of a comment, bytes of a
 *   frame, seconds
 * @property {number} [protocol]
 * @property {number} [heartbeat] s between two pings
 *
 * @typedef {Subject & {type: "subject"}} Revised what is commented on is another one now
 * @typedef {{type: "presence", count: number, anonymous: number, members: Person[]}} Presence who reads
 * @typedef {Person & {parent: string | null}} Typist
 * @typedef {{type: "typing", users: Typist[], count: number}} Typing who writes
 * @typedef {{type: "ack", ref: string, id: string, seq: number | null, status: string, duplicate: boolean}} Ack
 *
 * @typedef {object} Refusal
 * @property {number} code as of HTTP
 * @property {string | null} [reason] for programs
 * @property {string} [message] for people
 * @property {Comment | null} [comment] as it is now, where that is why
 * @property {number | null} [retry_after] s after which the same may succeed
 *
 * @typedef {Refusal & {type: "error", ref?: string}} ErrorFrame a command failed
 * @typedef {{type: "pong", timestamp: number | null, epoch: string, seq: number}} Pong
 * @typedef {{type: "bye", code: number, reason?: string, reconnect: boolean, retry_after?: number | null}} Bye
 *
 * @typedef {{type: "verified", seq: number, same: boolean | null}} Verified the answer to `verify`
 *
 * @typedef {Change | Welcome | Revised | Presence | Typing | ReactionFrame | Ack | ErrorFrame | Pong | Bye | Verified} ServerFrame
 *
 * @typedef {{type: "message", content: string, ref: string, parent: string | null}} PostFrame
 * @typedef {{type: "typing", on: boolean, parent: string | null}} TypingFrame
 * @typedef {{type: "ping", timestamp: number}} PingFrame
 * @typedef {{type: "auth", token: string}} AuthFrame
 * @typedef {{root?: string, first?: string, last?: string}} ShownWindow a part of the roots, or of a root's replies
 * @typedef {{epoch: string, seq: number, digest: string, windows: ShownWindow[], reactions: {seq: number, digest: string}}} Shown
 *   what a page shows
 * @typedef {Shown & {type: "verify"}} VerifyFrame
 * @typedef {PostFrame | TypingFrame | PingFrame | AuthFrame | VerifyFrame} ClientFrame
 *
 * @typedef {object} Replies a page of one conversation below its root, oldest first
 * @property {string} epoch
 * @property {number} seq
 * @property {number} [reaction_seq] the same for the reactions
 * @property {string} root
 * @property {number} reply_count visible ones in the whole conversation
 * @property {Comment[]} results
 * @property {string | null} previous cursor of the page before it
 * @property {string | null} next cursor of the page behind it
 * @property {number} earlier visible ones before it
 * @property {number} later visible ones behind it
 *
 * @typedef {{id: string, root: string | null, kind: "new" | "edited" | "removed", reply: boolean}} Changed a comment;
 *   `reply`: it is new, and answers who asks
 * @typedef {object} Since what others changed since somebody's last visit
 * @property {string} epoch
 * @property {number | null} from the change of that visit; null where nobody knows
 * @property {number} seq
 * @property {number} new
 * @property {number} replies those of the new ones that answer who asks
 * @property {number} edited
 * @property {number} removed
 * @property {Changed[]} changes the latest first
 *
 * @typedef {object} Snapshot a page of a thread's conversations as they are now
 * @property {string} epoch
 * @property {number} seq
 * @property {number} [reaction_seq] the same for the reactions
 * @property {number} count
 * @property {Policy} policy
 * @property {string} sort
 * @property {string | null} previous cursor of the page before it
 * @property {string | null} next cursor of the page behind it
 * @property {{id: string, state: "here" | "removed" | "unknown"} | null} around the comment that it was asked for
 * @property {Subject} subject
 * @property {(Comment & {replies: Pick<Replies, "results" | "previous" | "next" | "earlier" | "later">})[]} results
 *
 * @typedef {object} HistoryAnswer the changes in `(from, seq]`, oldest first
 * @property {string} epoch
 * @property {number} from
 * @property {number} seq
 * @property {number} head
 * @property {number} count
 * @property {boolean} has_more
 * @property {boolean} reset start again from a snapshot
 * @property {Change[]} changes
 * @property {number} [reaction_seq] up to which `reactions` has what changed
 * @property {Reactions[]} [reactions]
 * @property {Subject} [subject]
 */

export {};
