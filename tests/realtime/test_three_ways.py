"""Whichever way a reader comes, the same happens to them, and they are told the same, in that way's words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from tests.realtime.database import execute, out_of_reach
from tests.realtime.http import waiting_requests
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.test_changed_address import post_over_http
from tests.realtime.test_rights import submit
from tests.realtime.troubled_names import FAILS, HANGS
from tests.realtime.ways import Told, Visit, three_ways
from tests.services.databases import Databases
from tests.services.logs import tracebacks_in
from tests.services.site import AppServer

OF_AN_ADDRESS, OF_A_PERSON = 200, 30
BANNED = "reader13"


@pytest.fixture(scope="module")
def troubled(
    databases: Databases,
    _stage_database: str,
    _static_files: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    """A site with limits, and with people whom its own code can't cope with."""
    site = AppServer(
        database_url=databases.create(template=_stage_database),
        directory=tmp_path_factory.mktemp("troubled"),
        environment={"RATE_LIMITS": "on", "DJANGO_SETTINGS_MODULE": "tests.realtime.trouble"},
    )
    site.start()
    yield Stage(site)
    site.stop()
    databases.drop(site.database_url)


def tracebacks(stage: Stage) -> int:
    return len(tracebacks_in(stage.server.log()))


# What is wrong when a reader comes: the article, and whose token they show, of those who are turned away.


Trouble = Callable[[Stage], AbstractAsyncContextManager[tuple[str, str | None]]]


@asynccontextmanager
async def unknown_address(stage: Stage) -> AsyncIterator[tuple[str, str | None]]:
    yield "nothing-of-the-kind", None


@asynccontextmanager
async def full_address(stage: Stage) -> AsyncIterator[tuple[str, str | None]]:
    async with streams_of(stage, OF_AN_ADDRESS):
        yield stage.new_article(), None


@asynccontextmanager
async def full_person(stage: Stage) -> AsyncIterator[tuple[str, str | None]]:
    async with streams_of(stage, OF_A_PERSON, stage.headers("alice")):
        yield stage.new_article(), "alice"


@asynccontextmanager
async def streams_of(stage: Stage, count: int, headers: dict[str, str] | None = None) -> AsyncIterator[None]:
    """That many streams, which are open: those of the test before may take a moment to be gone."""
    path = f"/api/articles/{stage.new_article()}/events/"
    async with asyncio.timeout(60), waiting_requests(stage, path, count, headers) as requests:
        statuses = [await each.status() for each in requests]
        while 429 in statuses:
            async with waiting_requests(stage, path, statuses.count(429), headers) as more:
                statuses = [await each.status() for each in more]
                if 429 not in statuses:
                    yield
                    return
        yield


@asynccontextmanager
async def banned_person(stage: Stage) -> AsyncIterator[tuple[str, str | None]]:
    execute(stage.server.database_url, "UPDATE auth_user SET is_active = false WHERE username = ?", BANNED)
    yield stage.new_article(), BANNED


@asynccontextmanager
async def bug(stage: Stage) -> AsyncIterator[tuple[str, str | None]]:
    before = tracebacks(stage)
    yield stage.new_article(), FAILS
    assert tracebacks(stage) - before == 3, "one for each way"


@asynccontextmanager
async def no_answer(stage: Stage) -> AsyncIterator[tuple[str, str | None]]:
    before = tracebacks(stage)
    yield stage.new_article(), HANGS
    assert tracebacks(stage) == before


@asynccontextmanager
async def no_database(stage: Stage) -> AsyncIterator[tuple[str, str | None]]:
    before, slug = tracebacks(stage), stage.new_article()
    stage.token("alice")
    with out_of_reach(stage.server.database_url):
        yield slug, "alice"
    assert tracebacks(stage) == before


AT_THE_DOOR: dict[str, tuple[Trouble, Told, Told]] = {  # on a socket, over HTTP
    "nothing is at the address": (unknown_address, (4503, "gone"), (404, "not_found")),
    "a banned account": (banned_person, (4505, "banned"), (403, "banned")),
    "a bug": (bug, (1011, "internal"), (500, "internal")),
    "no answer in time": (no_answer, (4006, "backend_down"), (503, "busy")),
    "a database out of reach": (no_database, (4006, "backend_down"), (503, "busy")),
}


@pytest.mark.parametrize("what", AT_THE_DOOR)
@scene
async def test_who_can_not_come_in_is_told_why_on_every_way(troubled: Stage, what: str) -> None:
    trouble, on_socket, over_http = AT_THE_DOOR[what]
    async with trouble(troubled) as (slug, who), three_ways(troubled, slug, troubled.headers(who)) as visits:
        await asyncio.gather(*(visit.come() for visit in visits))

        assert [visit.told for visit in visits] == [on_socket, over_http, over_http]


@pytest.mark.parametrize(
    ("full", "on_socket"), [(full_address, (4504, "too_many_sockets")), (full_person, None)]
)
@scene
async def test_where_no_place_is_left_there_is_polling_at_least(
    troubled: Stage, full: Trouble, on_socket: Told | None
) -> None:
    async with full(troubled) as (slug, who), three_ways(troubled, slug, troubled.headers(who)) as visits:
        for visit in visits:
            await visit.come()
        socket, stream, polling = visits

        assert socket.told == on_socket  # the oldest of a person's own gives way to a new one
        assert stream.told == (429, "rate_limited")
        assert await polling.ends() == (200, "answered")


@scene
async def test_a_token_that_is_nobodys_is_said_to_be_one_and_its_reader_may_read(troubled: Stage) -> None:
    headers = {"Authorization": f"Token {'0' * 40}"}
    async with three_ways(troubled, troubled.new_article(), headers) as visits:
        for visit in visits:
            await visit.come()
        socket, stream, polling = visits
        for visit in (socket, stream):
            await visit.until(lambda visit=visit: len(visit.frames) > 1)
            welcome, error = visit.frames[:2]
            assert (welcome["type"], welcome["user"]) == ("welcome", None)
            assert (error["type"], error["code"], error["reason"]) == ("error", 401, "bad_token")
        assert polling.told == (401, "bad_token")


# What happens to readers who are there.


async def all_there(visits: list[Visit]) -> None:
    for visit in visits:
        await visit.come()
        assert visit.told is None


@scene
async def test_what_is_unpublished_ends_every_way(troubled: Stage) -> None:
    slug = troubled.new_article()
    async with three_ways(troubled, slug, {}) as visits:
        await all_there(visits)
        execute(troubled.server.database_url, "UPDATE blog_article SET status = 'draft' WHERE slug = ?", slug)

        assert [await visit.ends() for visit in visits] == [(4503, "gone")] * 2 + [(404, "not_found")]


@scene
async def test_who_is_banned_meanwhile_is_sent_away_on_every_way(troubled: Stage) -> None:
    who = "reader15"
    slug = troubled.new_article()
    async with three_ways(troubled, slug, troubled.headers(who)) as visits:
        await all_there(visits)
        form = {"username": who, "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
        place = f"/admin/auth/user/{troubled.user_id(who)[1:]}/change/"
        await asyncio.to_thread(submit, troubled, "admin", place, **form)

        assert [await visit.ends() for visit in visits[:2]] == [(4505, "banned")] * 2
        await post_over_http(troubled, slug, "Something that polling is answered for.")
        assert await visits[2].ends() == (403, "banned")


@scene
async def test_who_logs_out_meanwhile_is_nobody_on_every_way(troubled: Stage) -> None:
    cookies = troubled.headers("reader14", by="cookie")
    slug = troubled.new_article()
    async with three_ways(troubled, slug, cookies) as visits:
        await all_there(visits)
        await asyncio.to_thread(submit, troubled, "reader14", "/logout/")

        socket, stream, polling = visits
        for visit in (socket, stream):
            await visit.until(lambda visit=visit: welcomes(visit)[-1]["user"] is None)
            assert welcomes(visit)[0]["user"]["name"] == "reader14"
        await post_over_http(troubled, slug, "Something that polling is answered for.")
        assert await polling.ends() == (200, "answered")  # it may still read; /api/me/ says who it is


def welcomes(visit: Visit) -> list[dict[str, dict[str, str]]]:
    return [frame for frame in visit.frames if frame["type"] == "welcome"]


@scene
async def test_a_server_that_stops_sends_everybody_away(new_stage: Callable[..., Stage]) -> None:
    stage = new_stage()
    async with three_ways(stage, stage.new_article(), {}) as visits:
        await all_there(visits)
        stopping = asyncio.create_task(asyncio.to_thread(stage.server.stop))

        assert [await visit.ends() for visit in visits] == [(4000, "going_away")] * 2 + [(200, "answered")]
        assert await stopping == 0
