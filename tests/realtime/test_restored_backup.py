"""After a backup was restored and `rotate_epoch` was run, every open page shows what the database holds."""

from __future__ import annotations

import asyncio

import pytest

from tests.realtime.database import execute_all, query
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.stream import streams
from tests.realtime.thread_copy import check_equal, thread_of


def restore(stage: Stage, slug: str, seq: int) -> None:
    """Put the thread back to what it was at this number, as an older backup would."""
    url = stage.server.database_url
    thread, _ = thread_of(url, slug)
    execute_all(
        url,
        [
            ("DELETE FROM comments_comment WHERE thread_id = ? AND seq > ?", (thread, seq)),
            ("UPDATE comments_thread SET head_seq = ?, count = ? WHERE id = ?", (seq, seq, thread)),
        ],
    )


@scene
async def test_clients_that_are_connected_end_equal_to_the_database(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        alice, bob = [await audience.join(who, comes_back=True, haste=20) for who in ("alice", "bob")]
        reader = stream()
        await reader.open()
        for number in range(6):
            await alice.post(f"{number}")
        await asyncio.gather(bob.reaches(6), reader.reaches(6))
        epoch = alice.copy.epoch
        await asyncio.to_thread(restore, stage, audience.slug, 3)
        await asyncio.to_thread(stage.server.manage, "rotate_epoch")

        for socket in (alice, bob):
            await socket.next("bye", code=4002, reason="reset")
        assert (await reader.next("bye"))["reason"] == "reset"
        await alice.until(lambda: alice.copy.epoch != epoch and alice.connections > 1)
        await alice.post("After the restore.")
        await reader.open()
        await bob.until(lambda: bob.copy.epoch == alice.copy.epoch)
        for each in (alice, bob, reader):
            await each.reaches(4)
            assert each.copy.shown() == audience.truth().comments
        await reader.leave()
        late = await audience.join()
        check_equal(late.copy, audience.truth())


@scene
async def test_only_the_articles_that_are_named_begin_anew(stage: Stage) -> None:
    async with stage.audience() as one, stage.audience() as other:
        alice, bob = await one.join("alice"), await other.join("bob")
        printed = await asyncio.to_thread(stage.server.manage, "rotate_epoch", f"article/{one.slug}")

        assert printed.startswith("1 thread")
        assert await alice.closed() == 4002
        assert (await bob.ping())["epoch"] == bob.copy.epoch


def test_an_article_that_does_not_exist_stops_the_command_before_it_began(stage: Stage) -> None:
    slug = stage.new_article()
    url = stage.server.database_url
    with stage.server.client() as http:
        http.get(f"/api/articles/{slug}/comments/").raise_for_status()
    before = query(url, "SELECT epoch FROM comments_thread ORDER BY id")
    with pytest.raises(RuntimeError, match="nothing-of-the-kind"):
        stage.server.manage("rotate_epoch", f"article/{slug}", "article/nothing-of-the-kind")

    assert query(url, "SELECT epoch FROM comments_thread ORDER BY id") == before
