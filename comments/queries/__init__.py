"""Reads threads and comments: the snapshot, conversations, the history, the heads. Every query is bounded."""

from comments.queries.conversations import REPLIES_LIMIT, get_comment, has_comment, replies
from comments.queries.cursors import LARGEST_NUMBER
from comments.queries.history import HISTORY_LIMIT, HISTORY_MOST, REPLAY_MOST, history, history_json
from comments.queries.reactions import changed_reactions, mark_own, mark_own_replies, own_reactions
from comments.queries.since import Since, since
from comments.queries.snapshot import SNAPSHOT_LIMIT, SNAPSHOT_MOST, SORTS, snapshot
from comments.queries.threads import Head, Heads, Numbers, get_heads, get_thread, get_thread_at, numbers_of

__all__ = [
    "HISTORY_LIMIT",
    "HISTORY_MOST",
    "LARGEST_NUMBER",
    "REPLAY_MOST",
    "REPLIES_LIMIT",
    "SNAPSHOT_LIMIT",
    "SNAPSHOT_MOST",
    "SORTS",
    "Head",
    "Heads",
    "Numbers",
    "Since",
    "changed_reactions",
    "get_comment",
    "get_heads",
    "get_thread",
    "get_thread_at",
    "has_comment",
    "history",
    "history_json",
    "mark_own",
    "mark_own_replies",
    "numbers_of",
    "own_reactions",
    "replies",
    "since",
    "snapshot",
]
