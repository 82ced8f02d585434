"""A socket belongs to somebody, and is asked again who that is before it writes."""

import asyncio
import json

from tests.realtime.database import execute
from tests.realtime.scene import scene
from tests.realtime.stage import CAST, Stage
from tests.realtime.test_live_presence import sees


@scene
async def test_a_client_that_can_set_no_header_says_who_it_is(stage: Stage) -> None:
    async with stage.audience() as audience:
        reader, bob = await audience.join(), await audience.join("bob")
        await sees(bob, {"reader2"}, anonymous=1)
        await reader.send({"type": "auth", "token": stage.token("alice")})
        await reader.until(lambda: len(reader.of_type("welcome")) == 2)

        assert reader.of_type("welcome")[1]["user"]["name"] == "reader1"
        await sees(bob, {"reader1", "reader2"})
        assert (await reader.post("It is me."))["type"] == "ack"


@scene
async def test_a_wrong_token_changes_nothing(stage: Stage) -> None:
    async with stage.audience() as audience:
        reader = await audience.join("alice")
        for token in ("wrong", "", "\x00", "é", "\N{PILE OF POO}"):
            await reader.send({"type": "auth", "token": token})
        await reader.until(lambda: len(reader.of_type("error", code=401, reason="bad_token")) == 5)

        assert len(reader.of_type("welcome")) == 1
        assert (await reader.post("Still me."))["type"] == "ack"


@scene
async def test_who_logged_out_a_second_ago_does_not_write(stage: Stage) -> None:
    browser = await asyncio.to_thread(stage.server.client, "reader7")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    async with stage.audience() as audience:
        reader = await audience.join(headers={"Origin": stage.url, "Cookie": cookies})
        assert (await reader.post("Here I am."))["type"] == "ack"
        browser.post("/logout/").raise_for_status()
        error = await reader.post("And now?")

        assert (error["code"], error["reason"]) == (401, "login_required")


@scene
async def test_who_logged_out_does_not_write_as_the_guest_they_once_were(stage: Stage) -> None:
    browser = await asyncio.to_thread(stage.guest, "Zoe Once")
    guest = browser.cookies["guest"]
    browser = await asyncio.to_thread(stage.server.client, "reader8")
    cookies = "; ".join(f"{name}={value}" for name, value in [*browser.cookies.items(), ("guest", guest)])
    async with stage.audience() as audience:
        reader = await audience.join(headers={"Origin": stage.url, "Cookie": cookies})
        assert reader.of_type("welcome")[0]["user"]["name"] == "reader8"
        browser.post("/logout/").raise_for_status()
        error = await reader.post("Who am I?")

        assert error.get("reason") == "login_required"


@scene
async def test_who_was_deactivated_a_second_ago_does_not_write(stage: Stage) -> None:
    async with stage.audience() as audience:
        by_token = await audience.join("reader9", by="token")
        by_cookie = await audience.join("reader9", by="cookie")
        execute(
            stage.server.database_url, "UPDATE auth_user SET is_active = false WHERE username = 'reader9'"
        )

        error = await by_token.post("Hello?")
        assert (error["code"], error["reason"]) == (403, "banned")
        error = await by_cookie.post("Hello?")
        assert (error["code"], error["reason"]) == (403, "banned")
        assert audience.truth().comments == {}


@scene
async def test_who_changed_the_password_has_to_log_in_again(stage: Stage) -> None:
    async with stage.audience() as audience:
        reader = await audience.join("reader10", by="cookie")
        statement = "UPDATE auth_user SET password = 'md5$x$y' WHERE username = 'reader10'"
        execute(stage.server.database_url, statement)

        assert (await reader.post("Hello?"))["code"] == 401


@scene
async def test_a_guest_gives_a_name_and_writes(stage: Stage) -> None:
    browser = await asyncio.to_thread(stage.guest, "Zoë")
    async with stage.audience() as audience:
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        zoe = await audience.join(headers={"Origin": stage.url, "Cookie": cookies})
        user = zoe.of_type("welcome")[0]["user"]
        assert (user["name"], user["role"], user["id"][0]) == ("Zoë", "guest", "g")
        bob = await audience.join("bob")
        await zoe.post("I am only passing.")

        message = await bob.next("message")
        assert (message["user"], message["user_id"], message["role"]) == ("Zoë", user["id"], "guest")
        await sees(bob, {"Zoë", "reader2"})


@scene
async def test_a_forged_guest_is_a_stranger(stage: Stage) -> None:
    async with stage.audience() as audience:
        forged = {
            "Origin": stage.url,
            "Cookie": "guest=eyJrZXkiOiJnMSJ9:1abc:forged; sessionid=nonsense%00' OR 1=1",
        }
        reader = await audience.join(headers=forged)

        assert reader.of_type("welcome")[0]["user"] is None


@scene
async def test_what_a_frame_says_of_its_author_counts_for_nothing(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        forged = {
            "type": "message",
            "content": "I am the law.",
            "ref": "c0ffee00-0000-4000-8000-000000000000",
            "user": CAST["admin"],
            "user_id": "u1",
            "role": "moderator",
            "seq": 99,
            "prev": 98,
            "status": "hidden",
            "timestamp": "1999-12-31T00:00:00Z",
            "is_staff": True,
            "html": "<script>alert(1)</script>",
            "id": "1",
        }
        await alice.send(json.dumps(forged))
        message = await alice.next("message")

        assert (message["user"], message["role"], message["seq"]) == ("reader1", "member", 1)
        assert message["html"] == '<p dir="auto">I am the law.</p>\n'
        assert not message["timestamp"].startswith("1999")
