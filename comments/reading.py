"""What part of a thread a page shows: its address says it, so all of a thread can be read without a script.

`?sort=` orders the conversations. `?comments=` is the cursor of a page of them, `?comment=` the id of a
comment to show among its neighbours, and `?replies=` that of a conversation to open, at the cursor `from`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from msgspec import structs

from comments import pages, queries, wire
from comments.arranging import Item, arrange
from comments.errors import CommentError
from comments.models import Thread
from comments.sorts import sort_of

SENTENCES = {"removed": "This comment was removed.", "unknown": "There is no such comment in this thread."}


@dataclass(frozen=True)
class Reading:
    """A part of a thread.

    marked: the id of the comment that the address links to, where it is here; empty otherwise. said: why it
    is not. reply: the comment that is to be answered.
    """

    page: pages.Snapshot
    items: list[Item]
    marked: str
    said: str
    previous_url: str
    next_url: str
    reply: wire.Comment | None


def read_part(request: HttpRequest, thread: Thread, author_key: str | None) -> Reading:
    """The part of a thread that a request asks for; junk in its address asks for the first page.

    author_key: of the reader, whose own reactions are marked.
    """
    asked, sort = request.GET, sort_of(request)
    page = queries.mark_own(_open(thread, _page(thread, asked, sort), asked), author_key)
    linked = page.around if asked.get("comment") else None
    state = linked.state if linked else ""
    return Reading(
        page=page,
        items=_with_links(arrange(page.results), sort, asked.get("replies")),
        marked=linked.id if linked and state == "here" else "",
        said=SENTENCES.get(state, ""),
        previous_url=_url(sort, "comments", comments=page.previous) if page.previous else "",
        next_url=_url(sort, "comments", comments=page.next) if page.next else "",
        reply=_find_visible(page, asked.get("reply")),
    )


def _page(thread: Thread, asked: QueryDict, sort: str) -> pages.Snapshot:
    around = asked.get("comment") or asked.get("reply") or asked.get("replies")
    if around:
        return queries.snapshot(thread, sort, around=around)
    try:
        return queries.snapshot(thread, sort, asked.get("comments"))
    except CommentError:  # an address that was changed by hand
        return queries.snapshot(thread, sort)


def _open(thread: Thread, page: pages.Snapshot, asked: QueryDict) -> pages.Snapshot:
    """The page with more of the conversation that is to be opened."""
    opened = next((root for root in page.results if root.id == asked.get("replies")), None)
    if opened is None:
        return page
    try:
        part = queries.replies(thread, int(opened.id), asked.get("from"))
    except CommentError:  # as above, or it went a moment ago
        return page
    return structs.replace(
        page,
        results=[structs.replace(root, replies=part) if root is opened else root for root in page.results],
    )


def _with_links(items: list[Item], sort: str, opened: str | None) -> list[Item]:
    """Say of each conversation where its other replies are."""
    for item in items:
        root, window = item.comment.id, item.window
        fragment = f"comment-{root}"
        if window is not None and window.previous:
            item.earlier_url = _url(sort, fragment, replies=root, **{"from": window.previous})
        if window is not None and window.next:
            is_begun = window.previous or root == opened
            further = {"from": window.next} if is_begun else {}
            item.more_url = _url(sort, fragment, replies=root, **further)
    return items


def _find_visible(page: pages.Snapshot, id_: str | None) -> wire.Comment | None:
    comments = (comment for root in page.results for comment in (root, *root.replies.results))
    return next((c for c in comments if c.id == id_ and c.status == wire.VISIBLE), None)


def _url(sort: str, fragment: str, **query: str) -> str:
    return f"?{urlencode({'sort': sort, **query})}#{fragment}"
