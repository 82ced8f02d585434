"""A client without a socket follows an article as a stream of server-sent events."""

import asyncio

import httpx

from tests.realtime.client import PATIENCE
from tests.realtime.database import execute
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.stream import streams
from tests.realtime.test_live_presence import sees
from tests.realtime.thread_copy import check_equal

JUNK = [
    "junk",
    ":",
    "4",
    "epoch:",
    ":7",
    "otherepoch:7",
    "{epoch}:-1",
    "{epoch}:x",
    "{epoch}:9e9",
]


@scene
async def test_a_stream_tells_what_a_socket_tells(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        alice, reader = await audience.join("alice"), stream()
        welcome = await reader.open()
        await alice.send({"type": "typing"})
        await reader.next("typing", count=1)
        comment = await alice.post("Ripe.")
        await asyncio.to_thread(stage.moderate, "hide", comment["id"])
        await asyncio.to_thread(stage.set_policy, "lock", audience.slug)
        await reader.reaches(3)
        await alice.reaches(3)

        assert (welcome["type"], welcome["seq"], welcome["user"]) == ("welcome", 0, None)
        assert [f["type"] for f in reader.frames if "seq" in f][1:] == ["message", "removed", "thread"]
        for kind in ("message", "removed", "thread"):
            [told] = alice.of_type(kind)
            told.pop("ref", None)
            assert await reader.next(kind) == told
        check_equal(reader.copy, audience.truth())


@scene
async def test_who_reads_a_stream_is_counted_and_known_by_session_or_token(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        alice = await audience.join("alice")
        bob, carol, stranger = stream("bob", by="cookie"), stream("carol"), stream()
        assert (await bob.open())["user"]["id"] == stage.user_id("bob")
        assert (await carol.open())["user"]["id"] == stage.user_id("carol")
        await stranger.open()
        await sees(alice, {"reader1", "reader2", "reader3"}, anonymous=1)
        await bob.next("presence", count=4)
        for reader in (bob, carol, stranger):
            await reader.leave()

        await alice.until(lambda: alice.of_type("presence")[-1]["count"] == 1)


@scene
async def test_a_stream_on_a_page_of_somebody_else_knows_nobody(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        forged = stream("bob", by="cookie")
        forged._headers["Origin"] = "https://evil.example.org"

        assert (await forged.open())["user"] is None


@scene
async def test_an_author_on_a_stream_resumes_behind_their_own_comment(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        reader, alice = stream("alice"), await audience.join("alice")
        await reader.open()
        # A look at the heads that comes at the same moment brings a comment without its ref.
        acks = [await alice.post("Mine.") for _ in range(3)]
        await reader.reaches(3)

        told = {frame.get("ref") for frame in reader.frames if frame["type"] == "message"}
        assert told & {ack["ref"] for ack in acks}
        assert reader.ids[-1].endswith(":3")


@scene
async def test_a_stream_that_breaks_again_and_again_loses_nothing_and_doubles_nothing(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        writers = [await audience.join(who) for who in ("alice", "bob")]
        readers = [stream() for _ in range(4)]
        for reader in readers:
            await reader.open()
        writing = asyncio.gather(*(w.post(f"{n} " + "x" * 500) for w in writers for n in range(60)))
        broken = 0
        while not writing.done() or broken < 20:
            for reader in readers:
                await reader.join()  # from the last event that it had
                broken += 1
        await writing

        for reader in readers:
            await reader.reaches(120)
            check_equal(reader.copy, audience.truth())
            assert len(reader.ids) == len(set(reader.ids)) == 121


@scene
async def test_a_stream_brings_all_that_was_missed_in_many_pages(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        alice, reader = await audience.join("alice"), stream()
        await reader.open()
        await reader.leave()
        await asyncio.gather(*(alice.post(f"{n}") for n in range(230)))
        welcome = await reader.join()
        await reader.reaches(230)

        assert welcome["seq"] == 0  # where this stream goes on
        check_equal(reader.copy, audience.truth())


@scene
async def test_junk_for_a_last_event_brings_a_welcome_to_begin_with(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        alice, reader = await audience.join("alice"), stream()
        await alice.post("Ripe.")
        await reader.open()
        for junk in JUNK:
            welcome = await reader.join(junk.format(epoch=reader.copy.epoch))
            assert (welcome["type"], welcome["seq"]) == ("welcome", 1), junk

        ahead = await reader.join(f"{reader.copy.epoch}:99")
        assert (ahead["type"], ahead["seq"]) == ("welcome", 1)
        await alice.post("Riper.")
        await reader.next("message", content="Riper.")


@scene
async def test_a_stream_ends_when_its_article_is_unpublished(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        reader = stream()
        await reader.open()
        url = stage.server.database_url
        execute(url, "UPDATE blog_article SET status = 'draft' WHERE slug = ?", audience.slug)

        bye = await reader.next("bye")
        assert (bye["code"], bye["reconnect"]) == (4503, False)
        await reader.until(lambda: reader.ended)


def test_there_is_no_stream_of_what_is_not_public(stage: Stage) -> None:
    draft = stage.new_article()
    url = stage.server.database_url
    execute(url, "UPDATE blog_article SET status = 'draft' WHERE slug = ?", draft)
    with httpx.Client(base_url=stage.url, trust_env=False, timeout=PATIENCE) as http:
        for slug in ("nothing-of-the-kind", draft):
            answer = http.get(f"/api/articles/{slug}/events/")
            assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
        for method in ("POST", "PUT", "DELETE"):
            answer = http.request(method, f"/api/articles/{stage.new_article()}/events/")
            assert (answer.status_code, answer.json()["reason"]) == (405, "bad_method")
