"""What one reader writes, all readers see, and the one who wrote knows that it is kept."""

import asyncio

from tests.realtime.faults import live_again
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import check_equal


@scene
async def test_a_comment_reaches_everybody_and_its_author_knows_it_is_kept(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob, stranger = [await audience.join(who) for who in ("alice", "bob", None)]
        ack = await alice.post("Hello, **all**.")

        for reader in (alice, bob, stranger):
            message = await reader.next("message")
            assert message["id"] == ack["id"]
            assert message["content"] == "Hello, **all**."
            assert message["html"] == '<p dir="auto">Hello, <strong>all</strong>.</p>\n'
            assert (message["user"], message["user_id"], message["role"]) == (
                "reader1",
                stage.user_id("alice"),
                "member",
            )
            assert (message["parent"], message["status"], message["version"]) == (None, "visible", 1)
            assert (message["seq"], message["prev"], message["count"]) == (1, 0, 1)
            assert message["timestamp"].endswith("Z")
        assert (ack["seq"], ack["status"], ack["duplicate"]) == (1, "visible", False)


@scene
async def test_only_the_sockets_of_its_author_learn_the_ref(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, second_tab, bob, stranger = [
            await audience.join(who) for who in ("alice", "alice", "bob", None)
        ]
        await live_again(alice, second_tab)

        for reader in (bob, stranger):
            await reader.reaches(audience.truth().head)
            assert not any("ref" in message for message in reader.of_type("message"))
        assert second_tab.of_type("ack") == []


@scene
async def test_a_reply_hangs_on_its_parent(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        question = await alice.post("Anybody here?")
        answer = await bob.post("I am.", parent=question["id"])

        assert (await alice.next("message", id=answer["id"]))["parent"] == question["id"]


@scene
async def test_the_author_of_the_article_is_known_as_such(stage: Stage) -> None:
    async with stage.audience() as audience:
        admin = await audience.join("admin")
        await admin.post("Thank you for reading.")

        assert (await admin.next("message"))["role"] == "author"


@scene
async def test_a_refusal_goes_to_its_author_alone_and_the_socket_stays_open(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        refused = [
            (await alice.post(content, parent=parent), reason)
            for content, parent, reason in (
                ("   ", None, "blank"),
                ("\u200b\u0301", None, "blank"),
                ("x" * 5001, None, "too_long"),
                ("A NUL \x00 in it", None, "bad_field"),
                ("Lost.", "999999999", "bad_parent"),
                ("Lost.", "first", "bad_parent"),
            )
        ]
        assert [(error["type"], error["reason"]) for error, _ in refused] == [
            ("error", reason) for _, reason in refused
        ]
        assert (await alice.post("Fine.", ref="not a UUID"))["reason"] == "bad_field"
        kept = await alice.post("Fine.")

        assert (await bob.next("message"))["id"] == kept["id"]
        assert bob.of_type("error") == []


@scene
async def test_a_stranger_is_asked_to_log_in(stage: Stage) -> None:
    async with stage.audience() as audience:
        stranger = await audience.join()
        error = await stranger.post("Let me in.")

        assert (error["code"], error["reason"]) == (401, "login_required")


@scene
async def test_a_ping_is_answered_with_where_the_thread_stands(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        await alice.post("One.")
        await alice.next("message")
        pong = await alice.ping()

        assert (pong["epoch"], pong["seq"]) == (alice.copy.epoch, 1)


@scene
async def test_a_client_that_takes_no_batches_gets_one_frame_at_a_time(stage: Stage) -> None:
    async with stage.audience() as audience:
        plain = await audience.join(batches=False)
        writers = [await audience.join(who) for who in ("alice", "bob", "carol")]
        await asyncio.gather(*(writer.post(f"{n}") for writer in writers for n in range(5)))
        await plain.reaches(15)

        assert plain.copy.live == list(range(1, 16))
        check_equal(plain.copy, audience.truth())


@scene
async def test_everybody_who_writes_at_once_is_heard_in_one_order(stage: Stage) -> None:
    async with stage.audience() as audience:
        readers = [await audience.join(who) for who in ("alice", "bob", "carol", None)]
        await asyncio.gather(*(reader.post(f"{n}") for reader in readers[:3] for n in range(10)))
        for reader in readers:
            await reader.reaches(30)
            check_equal(reader.copy, audience.truth())
            assert reader.copy.live == list(range(1, 31))
            assert reader.gaps == 0
