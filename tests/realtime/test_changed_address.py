"""Whoever knows only the former address of an article goes on: on all three ways, reading and writing."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.realtime.client import Reader
from tests.realtime.database import execute
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.stream import streams
from tests.realtime.test_long_polling import history_of
from tests.realtime.thread_copy import check_equal


async def rename(stage: Stage, slug: str, *, times: int = 1) -> str:
    for _ in range(times):
        slug = await asyncio.to_thread(stage.rename, slug)
    return slug


async def post_over_http(stage: Stage, slug: str, content: str, who: str = "bob") -> Any:
    """Write as a page without a socket does; returns the comment."""
    async with httpx.AsyncClient(trust_env=False, timeout=90, headers=stage.headers(who)) as http:
        body = {"content": content, "ref": str(uuid.uuid4())}
        answer = await http.post(f"{stage.url}/api/articles/{slug}/comments/", json=body)
    return answer.raise_for_status().json()


@scene
async def test_open_sockets_stay_write_and_come_back(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        bob: Reader = await audience.join("bob", comes_back=True, haste=10)
        present = await rename(stage, audience.slug, times=2)
        assert (await alice.post("From where I always was."))["status"] == "visible"
        await bob.reaches(1)
        bob.cut()
        await alice.post("While bob is away.")
        await bob.reaches(2)
        assert (await bob.post("Back."))["status"] == "visible"

        async with stage.audience(present) as others:
            carol = await others.join("carol")
            await bob.post("All of us are in one room.")
            await carol.next("message", content="All of us are in one room.")
            for reader in (alice, bob, carol):
                await reader.reaches(4)
                check_equal(reader.copy, stage.truth(present))
        assert (alice.connections, bob.connections) == (1, 2)


@scene
async def test_open_pages_are_told_of_another_text_and_who_missed_it_learns_it_at_the_door(
    stage: Stage,
) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        alice, bob = await audience.join("alice"), await audience.join("bob", comes_back=True, haste=10)
        reader = stream("carol")
        await reader.open()
        assert alice.of_type("welcome")[-1]["subject"]["revision"] == 1
        await asyncio.to_thread(stage.revise, audience.slug, "Another text.")
        told = await alice.next("subject")
        assert (told["revision"], told["kind"], told["key"]) == (2, "article", audience.slug)
        await reader.next("subject", revision=2)
        bob.cut()
        await bob.until(lambda: bob.connections == 2 and len(bob.of_type("welcome")) == 2)
        assert bob.of_type("welcome")[-1]["subject"] == {key: told[key] for key in told if key != "type"}
        moved = await rename(stage, audience.slug)
        assert (await alice.next("subject", revision=3))["url"] == f"/articles/{moved}/"


@scene
async def test_a_stream_goes_on_and_resumes(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        reader = stream("alice")
        await reader.open()
        present = await rename(stage, audience.slug)
        await post_over_http(stage, audience.slug, "To the former address.")
        await post_over_http(stage, present, "To the present one.")
        await reader.reaches(2)
        await reader.leave()
        await post_over_http(stage, audience.slug, "Missed.")
        welcome = await reader.join()
        await reader.next("message", content="Missed.")

        assert welcome["seq"] == 2
        check_equal(reader.copy, stage.truth(present))


@scene
async def test_polling_goes_on(stage: Stage) -> None:
    async with stage.audience() as audience, history_of(stage, audience.slug) as ask:
        alice = await audience.join("alice")
        waiting = asyncio.create_task(ask(after=0, epoch=alice.copy.epoch, wait=20))
        await ask(after=0, wait=1)  # so the first has been parked by now
        present = await rename(stage, audience.slug)
        await post_over_http(stage, present, "One.")
        _, first, _ = await waiting
        waiting = asyncio.create_task(ask(after=1, epoch=alice.copy.epoch, wait=20))
        await ask(after=1, wait=1)
        await post_over_http(stage, audience.slug, "Two.")
        _, second, _ = await waiting

        told = [change["content"] for answer in (first, second) for change in answer["changes"]]
        assert (told, second["reset"]) == (["One.", "Two."], False)


@pytest.mark.parametrize("fate", ["unpublished", "deleted"])
@scene
async def test_the_former_address_of_what_is_not_public_is_none(stage: Stage, fate: str) -> None:
    url, slug = stage.server.database_url, stage.new_article()
    present = await rename(stage, slug)
    if fate == "unpublished":
        execute(url, "UPDATE blog_article SET status = 'draft' WHERE slug = ?", present)
    else:
        execute(url, "DELETE FROM blog_formerslug WHERE slug = ?", slug)
        execute(url, "DELETE FROM blog_article WHERE slug = ?", present)
    async with (
        httpx.AsyncClient(base_url=stage.url, trust_env=False, timeout=90) as http,
        stage.audience(slug) as audience,
    ):
        for call in ("comments/", "history/?after=0&wait=20", "events/"):
            answer = await http.get(f"/api/articles/{slug}/{call}")
            assert (answer.status_code, answer.json()["reason"]) == (404, "not_found"), call
        bye = await audience.reader("alice").join()
        assert (bye["code"], bye["reconnect"]) == (4503, False)
