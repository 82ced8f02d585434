"""Reads the texts that a comment had. A former text is as private as a hidden one."""

from __future__ import annotations

from comments import wire
from comments.authors import Author
from comments.editing import get_any, not_there
from comments.errors import CommentError
from comments.models import Comment, Revision, Thread
from comments.queries.texts import how_many_fit

REVISIONS_MOST = 100  # the newest
REVISIONS_BYTES = 256 * 1024  # of text; the oldest are left out where they have more


def revisions(author: Author | None, thread: Thread, comment_id: str) -> wire.Revisions:
    """The texts of a comment, the present one first, for its author and moderators.

    Its author gets none of a comment that was removed; moderators do.
    Raises CommentError: 401 login_required, 403 forbidden, 404 not_found.
    """
    comment = get_any(thread, comment_id)
    moderates = author is not None and author.moderates
    if comment.status != Comment.Status.VISIBLE and not moderates:
        raise not_there()
    if author is None:
        raise CommentError(401, "login_required", "Log in to see former texts.")
    if not moderates and comment.author_key != author.key:
        raise CommentError(403, "forbidden", "Former texts are for who wrote them, and for moderators.")
    present = wire.as_revision(comment, comment.edited_at or comment.created_at)
    former = Revision.objects.filter(comment=comment).order_by("-version")[: REVISIONS_MOST - 1]
    results = [present, *(wire.as_revision(each, each.edited_at) for each in former)]
    sizes = (len(each.content.encode()) for each in results)
    return wire.Revisions(results=results[: how_many_fit(sizes, REVISIONS_BYTES)])
