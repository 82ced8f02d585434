"""Looking again at who the readers of open sockets and streams are, and at what they may do."""

from __future__ import annotations

from collections.abc import Sequence

from comments.credentials import authors_now
from comments.errors import CommentError
from realtime.database import log_failure, run_repair
from realtime.protocol import Close
from realtime.rooms.room import Subscriber


def has_account(reader: Subscriber, user_id: str | None = None) -> bool:
    """Whether a reader is a user, or this one: guests and readers without a name have no rights to lose."""
    known = reader.author.user_id if reader.author is not None else None
    return known is not None and user_id in (None, str(known))


async def check_readers(readers: Sequence[Subscriber]) -> None:
    """Ask the database who they are now, and tell or close those for whom it changed."""
    if not readers:
        return
    asked = [reader.credentials for reader in readers]
    try:
        authors = await run_repair(authors_now, asked)
    except Exception as error:  # the next look tries again
        log_failure("the rights of readers could not be read", error)
        return
    for reader, credentials, author in zip(readers, asked, authors, strict=True):
        if reader.credentials is not credentials:
            continue  # they have shown others meanwhile, which were looked at then
        if isinstance(author, CommentError):
            reader.close_soon(Close.BANNED, author.reason)
        elif author != reader.author:
            reader.recognise(author)
