"""What a moderator decides in the admin reaches every open page."""

import asyncio
from functools import partial

from tests.realtime.database import execute
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import check_equal, thread_of
from tests.services.waiting import wait_until


@scene
async def test_a_comment_hidden_in_the_admin_vanishes_from_every_page(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        rude = await alice.post("Rude.")
        kind = await alice.post("Kind.")
        await asyncio.to_thread(stage.moderate, "hide", rude["id"])

        for reader in (alice, bob):
            removed = await reader.next("removed")
            assert (removed["id"], removed["reason"], removed["seq"], removed["prev"]) == (
                rude["id"],
                "hidden",
                3,
                2,
            )
            assert removed["count"] == 1
            assert reader.copy.shown().keys() == {kind["id"]}


@scene
async def test_a_restored_comment_comes_back(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        comment = await alice.post("Not that rude.")
        await asyncio.to_thread(stage.moderate, "hide", comment["id"])
        await alice.next("removed")
        await asyncio.to_thread(stage.moderate, "restore", comment["id"])
        message = await alice.next("message", seq=3)

        assert (message["id"], message["content"], message["count"]) == (comment["id"], "Not that rude.", 1)
        assert "ref" not in message


@scene
async def test_a_hidden_text_is_not_in_what_was_missed(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await bob.leave()
        secret = await alice.post("My address is 1 Plum Lane.")
        await asyncio.to_thread(stage.moderate, "delete", secret["id"])
        await alice.next("removed", reason="deleted")
        await bob.join()

        check_equal(bob.copy, audience.truth())
        assert "Plum Lane" not in str(bob.copy) + str(bob.frames)


@scene
async def test_an_edit_reaches_those_who_are_there_and_those_who_come_back(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        comment = await alice.post("My address is 1 Plum Lane.")
        await bob.reaches(1)
        await bob.leave()
        before = len(bob.frames)
        await asyncio.to_thread(stage.edit, comment["id"], "My address is *none of yours*.")
        edited = await alice.next("message", seq=2)
        await bob.join()

        assert (edited["version"], edited["count"], edited["prev"]) == (2, 1, 1)
        assert edited["edited_at"] is not None
        assert "<em>none of yours</em>" in edited["html"]
        for reader in (alice, bob):
            check_equal(reader.copy, audience.truth())
        assert "Plum Lane" not in str(bob.copy) + str(bob.frames[before:])


@scene
async def test_a_locked_thread_takes_no_comments_and_every_page_knows(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await asyncio.to_thread(stage.set_policy, "lock", audience.slug)
        changed = await bob.next("thread")
        assert (changed["policy"], changed["count"], changed["seq"], changed["prev"]) == ("closed", 0, 1, 0)
        error = await alice.post("One more thing.")
        assert (error["code"], error["reason"]) == (403, "closed")
        assert (await audience.join("carol")).of_type("welcome")[0]["policy"] == "closed"

        await asyncio.to_thread(stage.set_policy, "unlock", audience.slug)
        await bob.next("thread", policy="open")
        assert (await alice.post("One more thing."))["type"] == "ack"


@scene
async def test_an_article_that_is_unpublished_sends_its_readers_away(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        url = stage.server.database_url
        execute(url, "UPDATE blog_article SET status = 'draft' WHERE slug = ?", audience.slug)

        assert await alice.closed() == 4503
        bye = alice.of_type("bye")[-1]
        assert (bye["code"], bye["reason"], bye["reconnect"]) == (4503, "gone", False)


@scene
async def test_an_article_that_is_unpublished_has_its_group_left(uvicorn_stage: Stage) -> None:
    assert uvicorn_stage.server.redis is not None
    with uvicorn_stage.server.redis.client() as redis:
        groups = partial(redis.pubsub_channels, "*group__thread.*")
        async with uvicorn_stage.audience() as audience:
            before = set(groups())
            alice = await audience.join("alice")
            await asyncio.to_thread(wait_until, lambda: len(set(groups()) - before) == 1)
            [group] = set(groups()) - before
            url = uvicorn_stage.server.database_url
            execute(url, "UPDATE blog_article SET status = 'draft' WHERE slug = ?", audience.slug)

            assert await alice.closed() == 4503
            await asyncio.to_thread(wait_until, lambda: group not in groups())


@scene
async def test_a_thread_that_is_numbered_anew_is_started_again(stage: Stage) -> None:
    """As after a backup was restored: the numbers that pages know are void."""
    async with stage.audience() as audience:
        alice = await audience.join("alice", comes_back=True, haste=20.0)
        await alice.post("Before.")
        epoch = alice.copy.epoch
        url = stage.server.database_url
        thread, _ = thread_of(url, audience.slug)
        execute(url, "UPDATE comments_thread SET epoch = 'another', head_seq = 7 WHERE id = ?", thread)
        await alice.next("bye", code=4002, reconnect=True)
        await alice.until(lambda: alice.copy.epoch != epoch)
        await alice.until(lambda: alice.connections >= 2)
        await alice.post("After.")

        assert (await alice.next("message", content="After."))["seq"] == 8
        assert alice.copy.shown().keys() == audience.truth().comments.keys()
