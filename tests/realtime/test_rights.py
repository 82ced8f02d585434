"""Whoever loses a right loses it on the sockets and streams that are open, too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.realtime.client import Reader
from tests.realtime.database import query
from tests.realtime.scene import scene
from tests.realtime.stage import CAST, Stage
from tests.realtime.stream import streams
from tests.realtime.test_live_presence import sees
from tests.services.redis import RedisServer
from tests.services.site import DEMO_PASSWORD

SOON = 15.0  # s; all are looked at anyway, first 30 s after the first socket

NewStage = Callable[..., Stage]


@pytest.fixture
def stage(new_stage: NewStage, new_redis: Callable[[], RedisServer]) -> Stage:
    return new_stage(redis=new_redis())


def submit(stage: Stage, who: str, path: str, **form: str) -> None:
    """Send a form of the site as somebody's browser does."""
    browser = stage.client(who)
    data = {**form, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    answer = browser.post(path, data=data).raise_for_status()
    assert "errornote" not in answer.text and "errorlist" not in answer.text


def edit(stage: Stage, who: str, **changes: str | None) -> None:
    """Change an account in the admin; a field that is None is left out, as a box that is not ticked."""
    form: dict[str, Any] = {
        "username": CAST[who], "is_active": "on", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00",
        **changes,
    }  # fmt: skip
    kept = {name: value for name, value in form.items() if value is not None}
    submit(stage, "admin", f"/admin/auth/user/{number_of(stage, who)}/change/", **kept)


def number_of(stage: Stage, who: str) -> str:
    return stage.user_id(who)[1:]


async def loses_its_name(reader: Reader) -> None:
    await reader.until(lambda: reader.of_type("welcome")[-1]["user"] is None, SOON)
    welcome = reader.of_type("welcome")[-1]
    assert welcome["can"] == {"post": False, "edit": False, "moderate": False, "reactions": []}
    error = await reader.post("Am I still somebody?")
    assert (error["type"], error["reason"]) == ("error", "login_required")


@scene
async def test_a_logout_reaches_sockets_and_streams_in_every_process(
    stage: Stage, new_stage: NewStage
) -> None:
    there = new_stage(redis=stage.server.redis, database_url=stage.server.database_url)
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        here, bob = await audience.join("alice", by="cookie"), await audience.join("bob", by="cookie")
        other = await audience.join(
            headers={**stage.headers("alice", "cookie"), "Origin": there.url}, url=there.url
        )
        reader = stream("alice", by="cookie")
        await reader.open()
        by_token = await audience.join("alice")
        submit(stage, "alice", "/logout/")

        await loses_its_name(here)
        await loses_its_name(other)
        await reader.next("welcome", within=SOON, user=None)
        assert len(by_token.of_type("welcome")) == len(bob.of_type("welcome")) == 1
        assert (await bob.post("Still me."))["type"] == "ack"
        await by_token.leave()
        await sees(bob, {"reader2"}, anonymous=3)


@scene
async def test_who_logs_out_is_shown_no_longer_though_the_page_was_closed_just_before(
    stage: Stage, new_stage: NewStage
) -> None:
    there = new_stage(redis=stage.server.redis, database_url=stage.server.database_url)
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice", by="cookie"), await audience.join("bob", url=there.url)
        await sees(bob, {"reader1", "reader2"})
        await alice.leave()  # as a browser does on its way to the next page
        submit(stage, "alice", "/logout/")

        await sees(bob, {"reader2"}, within=SOON)


@scene
async def test_a_new_password_ends_what_the_old_one_opened(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice", by="cookie"), await audience.join("bob", by="cookie")
        admin = await audience.join("admin", by="cookie")
        new = {"password1": "a-very-new-one-77", "password2": "a-very-new-one-77", "usable_password": "true"}
        submit(stage, "admin", f"/admin/auth/user/{number_of(stage, 'alice')}/password/", **new)
        await loses_its_name(alice)

        own = {"new_password1": "a-very-new-one-88", "new_password2": "a-very-new-one-88"}
        submit(stage, "admin", "/admin/password_change/", old_password=DEMO_PASSWORD, **own)
        await loses_its_name(admin)
        assert len(bob.of_type("welcome")) == 1


@scene
async def test_who_is_banned_is_sent_away(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        sockets = [await audience.join("alice", by=by) for by in ("cookie", "token")]
        bob, reader = await audience.join("bob"), stream("alice")
        await reader.open()
        await sees(bob, {"reader1", "reader2"})
        edit(stage, "alice", is_active=None)

        for socket in sockets:
            assert await socket.closed(SOON) == 4505
            assert socket.of_type("bye")[-1]["reason"] == "banned"
        assert (await reader.next("bye", within=SOON))["code"] == 4505
        await sees(bob, {"reader2"}, within=SOON)  # at once: only who may come back is shown a while longer


@scene
async def test_who_becomes_or_is_no_more_a_moderator_knows(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        edit(stage, "alice", is_staff="on", is_superuser="on")
        await alice.until(lambda: alice.of_type("welcome")[-1]["can"]["moderate"], SOON)
        edit(stage, "alice")

        await alice.until(lambda: not alice.of_type("welcome")[-1]["can"]["moderate"], SOON)


@scene
async def test_who_is_deleted_is_nobody(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice", by="cookie"), await audience.join("bob")
        submit(stage, "admin", f"/admin/auth/user/{number_of(stage, 'alice')}/delete/", post="yes")
        await loses_its_name(alice)
        form = {"action": "delete_selected", "_selected_action": number_of(stage, "bob"), "post": "yes"}
        submit(stage, "admin", "/admin/auth/user/", **form)

        await bob.until(lambda: bob.of_type("welcome")[-1]["user"] is None, SOON)
        assert query(stage.server.database_url, "SELECT 1 FROM auth_user WHERE username = 'reader2'") == []


@scene
async def test_a_token_that_is_deleted_is_nobodys(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, page = await audience.join("alice"), await audience.join("alice", by="cookie")
        path = f"/admin/authtoken/tokenproxy/{number_of(stage, 'alice')}/delete/"
        submit(stage, "admin", path, post="yes")

        await alice.until(lambda: alice.of_type("welcome")[-1]["user"] is None, SOON)
        await asyncio.gather(alice.ping(), page.ping())
        assert len(page.of_type("welcome")) == 1
