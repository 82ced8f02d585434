"""What a visitor typed into the form before going to log in, kept in their session.

It is for browsers without JavaScript or without storage; the page itself keeps drafts in the browser
(writing/drafts.js).
"""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest

from comments.addresses import address_of
from comments.models import Thread
from comments.rates import TYPED_PER_ADDRESS, check_address
from comments.text import MAX_SENT

KEY = "comments:typed"
LIFE = 3600  # s


def keep_typed(request: HttpRequest, thread: Thread) -> None:
    """Keep the form's text and the comment it answers. Raises CommentError 429 rate_limited."""
    # What is too long to be posted is still there to be shortened.
    content = request.POST.get("content", "")[:MAX_SENT]
    if not hasattr(request, "session") or not content.strip():
        return
    check_address("typed-from", address_of(request), TYPED_PER_ADDRESS)
    kept = {"thread": thread.pk, "content": content, "parent": request.POST.get("parent", "")[:20]}
    request.session[KEY] = {**kept, "at": time.time()}


def typed_before(request: HttpRequest, thread: Thread) -> dict[str, Any]:
    """The text that was kept for this thread's form: `content` and `parent`, or nothing."""
    kept = request.session.get(KEY) if hasattr(request, "session") else None
    if not kept or kept["thread"] != thread.pk or kept["at"] < time.time() - LIFE:
        return {}
    return {"content": kept["content"], "parent": kept["parent"]}


def forget_typed(request: HttpRequest) -> None:
    """Forget what was kept: it was posted."""
    if hasattr(request, "session") and KEY in request.session:
        del request.session[KEY]
