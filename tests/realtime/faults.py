"""What goes wrong in these tests: commits that nobody announces; and waiting until all are heard again."""

from __future__ import annotations

import asyncio
import uuid
from typing import LiteralString

from tests.realtime.client import PATIENCE, Reader
from tests.realtime.database import Statement, execute_all
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import thread_of
from tests.services.ports import free_port
from tests.services.site import manage

INSERT: LiteralString = (
    "INSERT INTO comments_comment (thread_id, author_key, author_name, role, ref, content, html, status, "
    "seq, version, reply_count, created_at) "
    "VALUES (?, 'u0', 'Somebody', 'member', ?, ?, ?, 'visible', ?, 1, 0, ?)"
)


def commit_unannounced(stage: Stage, slug: str, *contents: str) -> None:
    """Write comments as a process does that dies after its commit."""
    url = stage.server.database_url
    thread, head = thread_of(url, slug)
    written = [
        (INSERT, (thread, uuid.uuid4().hex, content, f"<p>{content}</p>", seq, "2026-01-01 00:00:00"))
        for seq, content in enumerate(contents, start=head + 1)
    ]
    counted: Statement = (
        "UPDATE comments_thread SET head_seq = head_seq + ?, count = count + ? WHERE id = ?",
        (len(contents), len(contents), thread),
    )
    execute_all(url, [counted, *written])


POST = """
import uuid
from django.contrib.auth.models import User
from comments.authors import author_of_user
from comments.queries import get_thread_at
from comments.services import post_comment
author = author_of_user(User.objects.get(username="reader20"))
print(post_comment(
    author=author, thread=get_thread_at("article", "{slug}"), content="{content}", ref=uuid.uuid4()
).comment.seq)
"""


def post_without_redis(stage: Stage, slug: str, content: str) -> int:
    """Call the service in a process of its own that finds no Redis; returns the comment's number."""
    environment = {**stage.server.environment, "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    printed = manage(
        "shell", "-v", "0", "-c", POST.format(slug=slug, content=content), environment=environment
    )
    return int(printed.split()[-1])


async def live_again(*readers: Reader, within: float = PATIENCE) -> None:
    """Write until three comments in a row came to all by the channel layer.

    readers: sockets of one person, who writes on the first of them. What the layer carries has the `ref` for
    its author; what the look at the heads found in the database has none.
    """
    live = 0
    async with asyncio.timeout(within):
        while live < 3:
            ack = await readers[0].post("Is it live again?")
            frames = [await reader.next("message", seq=ack["seq"]) for reader in readers]
            live = live + 1 if all(frame.get("ref") == ack["ref"] for frame in frames) else 0
