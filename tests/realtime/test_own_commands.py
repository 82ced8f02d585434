"""What people do with comments that exist, over a socket: everybody sees it, and who did it is answered."""

from __future__ import annotations

import asyncio

from tests.realtime.client import Reader
from tests.realtime.database import execute_all
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.test_rights import submit
from tests.realtime.thread_copy import Frame, check_equal, thread_of
from tests.realtime.ways import three_ways

UP, HEART = "👍", "❤️"
OWN: dict[str, Frame] = {"edit": {"content": "Other.", "version": 1}, "delete": {}, "restore": {}}


@scene
async def test_an_edit_a_deletion_and_its_undoing_reach_everybody(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, stranger = await audience.join("alice"), await audience.join()
        [welcome] = alice.of_type("welcome")
        assert welcome["can"]["edit"] is True
        assert (welcome["limits"]["edit"], welcome["limits"]["undo"]) == (900, 10)
        comment = (await alice.post("First."))["id"]

        ack = await alice.ask("edit", id=comment, content="Second.", version=1)
        assert (ack["type"], ack["id"], ack["seq"], ack["status"]) == ("ack", comment, 2, "visible")
        edited = await stranger.next("message", seq=2)
        assert (edited["content"], edited["version"], edited["edited_by"]) == ("Second.", 2, "author")

        stale = await alice.ask("edit", id=comment, content="Third.", version=1)
        assert (stale["code"], stale["reason"]) == (409, "stale")
        assert (stale["comment"]["content"], stale["comment"]["version"]) == ("Second.", 2)

        assert (await alice.ask("delete", id=comment))["status"] == "deleted"
        assert (await stranger.next("removed"))["reason"] == "deleted"
        assert (await alice.ask("restore", id=comment))["status"] == "visible"
        await stranger.next("message", seq=4)
        check_equal(stranger.copy, audience.truth())


@scene
async def test_nobody_touches_what_is_somebody_elses(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob, moderator, stranger = [
            await audience.join(who) for who in ("alice", "bob", "moderator", None)
        ]
        comment = (await alice.post("Mine."))["id"]
        for other, reason in ((bob, "forbidden"), (moderator, "forbidden"), (stranger, "login_required")):
            for type_, fields in OWN.items():
                assert (await other.ask(type_, id=comment, **fields))["reason"] == reason
        await asyncio.to_thread(stage.moderate, "hide", comment)
        for type_, fields in OWN.items():
            assert (await alice.ask(type_, id=comment, **fields))["reason"] == "not_found"
        assert audience.truth().comments == {}


@scene
async def test_a_read_mark_moves_forward_and_is_told_to_nobody(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, stranger = await audience.join("alice"), await audience.join()
        for text in ("First.", "Second."):
            await alice.post(text)
        for seq, mark in ((1, 1), (0, 1), (2**70, 2)):
            ack = await alice.ask("read", seq=seq)
            assert ack == {"type": "ack", "ref": ack["ref"], "seq": mark}
        assert (await stranger.ask("read", seq=1))["reason"] == "login_required"
        assert stranger.of_type("ack") == []


@scene
async def test_who_logged_out_a_second_ago_changes_nothing(stage: Stage) -> None:
    async with stage.audience() as audience:
        somebody = await audience.join("reader16", by="cookie")
        comment = (await somebody.post("Mine."))["id"]
        await asyncio.to_thread(submit, stage, "reader16", "/logout/")
        for type_, fields in (OWN | {"react": {"emoji": UP}}).items():
            answer = await somebody.ask(type_, id=comment, **fields)
            assert (answer["code"], answer["reason"]) == (401, "login_required")


def counts_of(frames: list[Frame], comment: str) -> dict[str, int]:
    """The counts with the largest number among frames."""
    told = [frame for frame in frames if frame["type"] == "reaction" and frame["id"] == comment]
    return max(told, key=lambda frame: frame["reaction_seq"], default={"counts": {}})["counts"]


async def shows(reader: Reader, comment: str, counts: dict[str, int]) -> None:
    await reader.until(lambda: counts_of(reader.frames, comment) == counts)


@scene
async def test_reactions_reach_everybody_in_order(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob, stranger = [await audience.join(who) for who in ("alice", "bob", None)]
        assert alice.of_type("welcome")[0]["can"]["reactions"][:2] == [UP, HEART]
        assert stranger.of_type("welcome")[0]["can"]["reactions"] == []
        comment = (await alice.post("First."))["id"]

        ack = await alice.ask("react", id=comment, emoji=UP)
        assert (ack["counts"], ack["reaction_seq"]) == ({UP: 1}, 1)
        await bob.ask("react", id=comment, emoji=UP)
        await bob.ask("react", id=comment, emoji=HEART)
        await alice.ask("react", id=comment, emoji=UP, on=False)
        assert (await stranger.ask("react", id=comment, emoji=UP))["reason"] == "login_required"

        for reader in (alice, bob, stranger):
            await shows(reader, comment, {UP: 1, HEART: 1})
            numbers = [frame["reaction_seq"] for frame in reader.of_type("reaction")]
            assert numbers == sorted(set(numbers))
            assert reader.copy.position == 1


@scene
async def test_what_was_never_announced_is_found_and_who_was_away_learns_of_it(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        comment = (await alice.post("First."))["id"]
        react_unannounced(stage, audience.slug, comment)
        await shows(alice, comment, {UP: 1})

        late = await audience.join()
        assert late.of_type("welcome")[0]["reaction_seq"] == 1
        address = f"{stage.url}/api/articles/{audience.slug}/history/"
        query: Frame = {"after": 1, "epoch": late.copy.epoch, "reactions_after": 0}
        answer = (await audience.http.get(address, params=query)).json()
        assert counts_of(answer["reactions"], comment) == {UP: 1}


def react_unannounced(stage: Stage, slug: str, comment: str) -> None:
    """React as a process does that dies after its commit."""
    url = stage.server.database_url
    thread, _ = thread_of(url, slug)
    counts = '{"👍": 1}'
    execute_all(
        url,
        [
            ("UPDATE comments_thread SET reaction_seq = 1 WHERE id = ?", (thread,)),
            (
                "UPDATE comments_comment SET reactions = ?, reaction_count = 1, reaction_seq = 1 "
                "WHERE id = ?",
                (counts, int(comment)),
            ),
        ],
    )


@scene
async def test_a_reaction_arrives_on_every_way(uvicorn_stage: Stage) -> None:
    stage, slug = uvicorn_stage, uvicorn_stage.new_article()
    async with stage.audience(slug) as audience, three_ways(stage, slug, {}) as visits:
        alice = await audience.join("alice")
        socket, stream, polling = visits
        for visit in (socket, stream):
            await visit.come()
        comment = (await alice.post("First."))["id"]
        query = {"after": 1, "reactions_after": 0, "wait": 25}
        address = f"{stage.url}/api/articles/{slug}/history/"
        question = asyncio.create_task(audience.http.get(address, params=query))
        await alice.ask("react", id=comment, emoji=HEART)

        for visit in (socket, stream):
            await visit.until(lambda visit=visit: counts_of(visit.frames, comment) == {HEART: 1})
        answer = (await question).json()
        assert counts_of(answer["reactions"], comment) == {HEART: 1}
        assert (answer["seq"], answer["reaction_seq"]) == (1, 1)
        assert polling.told is None
