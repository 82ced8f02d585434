"""What people ask for about comments that exist: each frame is one call of a service."""

from __future__ import annotations

from typing import Any

from comments.authors import Author
from comments.editing import delete_own_comment, edit_own_comment, restore_own_comment
from comments.models import Comment, Thread
from comments.reactions import react
from realtime.protocol import Ack, Delete, Edit, OwnCommand, React, Restore


def change(frame: OwnCommand, author: Author | None, thread: Thread, address: str) -> Ack:
    """Obey a frame; returns its answer. Raises CommentError, as the services do."""
    match frame:
        case Edit():
            comment = edit_own_comment(
                author=author,
                thread=thread,
                comment_id=frame.id,
                content=frame.content,
                version=frame.version,
                address=address,
            )
        case Delete():
            comment = delete_own_comment(author=author, thread=thread, comment_id=frame.id, address=address)
        case Restore():
            comment = restore_own_comment(author=author, thread=thread, comment_id=frame.id, address=address)
        case React():
            return _react(frame, author, thread, address)
    return _ack(frame, comment)


def _react(frame: React, author: Author | None, thread: Thread, address: str) -> Ack:
    comment = react(
        author=author, thread=thread, comment_id=frame.id, emoji=frame.emoji, on=frame.on, address=address
    )
    counts = {"counts": comment.reactions, "reaction_seq": comment.reaction_seq}
    return _ack(frame, comment, **counts)


def _ack(frame: OwnCommand, comment: Comment, **more: Any) -> Ack:
    return Ack(
        ref=frame.ref,
        id=str(comment.pk),
        seq=comment.seq,
        status=comment.status,
        duplicate=False,
        **more,
    )
