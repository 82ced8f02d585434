"""A comment as it would look, before it is posted."""

from __future__ import annotations

from comments.authors import Author
from comments.conf import guests_may_write
from comments.errors import CommentError
from comments.models import Thread
from comments.rates import PREVIEWS_PER_ADDRESS, PREVIEWS_PER_AUTHOR, TOO_FAST, check_address, check_rate
from comments.rendering import render_content
from comments.text import check_content


def preview_comment(*, author: Author | None, thread: Thread, content: str, address: str) -> str:
    """Return the safe HTML that a comment of this text would have; nothing is stored.

    author: None for a guest who has not given a name yet. address: the peer's, for its rate limit.
    Raises CommentError as post_comment does: 400 bad_field, 401 login_required, 403 closed, 413 too_long, 422
    blank, 429 rate_limited.
    """
    if author is None and not guests_may_write():
        raise CommentError(401, "login_required", "Log in to comment.")
    if thread.policy == Thread.Policy.CLOSED:
        raise CommentError(403, "closed", "Comments are closed here.")
    content = check_content(content)
    if author is not None:
        check_rate("preview", author.key, PREVIEWS_PER_AUTHOR, TOO_FAST)
    check_address("preview-from", address, PREVIEWS_PER_ADDRESS)
    return render_content(content)
