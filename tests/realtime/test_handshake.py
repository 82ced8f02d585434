"""Who may open a socket, and as whom."""

import pytest

from comments.conf import reaction_kinds
from tests.realtime.raw import handshake, raw_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage


async def status_of(stage: Stage, headers: dict[str, str]) -> int:
    async with raw_socket(stage.url) as socket:
        socket.send(handshake(stage.url, f"/ws/article/{stage.new_article()}/", headers))
        return await socket.status()


@scene
async def test_our_own_page_is_let_in(stage: Stage) -> None:
    assert await status_of(stage, {"Origin": stage.url}) == 101


@scene
async def test_our_own_page_brings_its_user(stage: Stage) -> None:
    async with stage.audience() as audience:
        welcome = (await audience.join("alice", by="cookie")).of_type("welcome")[0]

        assert welcome["user"] == {"id": stage.user_id("alice"), "name": "reader1", "role": "member"}
        kinds = reaction_kinds()
        assert welcome["can"] == {"post": True, "edit": True, "moderate": False, "reactions": kinds}


@scene
async def test_without_an_origin_cookies_count_for_nothing(stage: Stage) -> None:
    cookies = {"Cookie": stage.headers("alice", by="cookie")["Cookie"]}
    async with stage.audience() as audience:
        welcome = (await audience.join(headers=cookies)).of_type("welcome")[0]

        assert welcome["user"] is None
        assert welcome["can"]["post"] is False


@scene
async def test_a_token_in_the_header_brings_its_user(stage: Stage) -> None:
    async with stage.audience() as audience:
        moderator = await audience.join("moderator", by="token")
        welcome = moderator.of_type("welcome")[0]

        assert welcome["user"]["role"] == "moderator"
        assert welcome["can"]["moderate"] is True


@pytest.mark.parametrize("token", ["wrong", "0" * 40, "é", "x" * 4000])
@scene
async def test_a_wrong_token_is_told_after_the_welcome(stage: Stage, token: str) -> None:
    async with stage.audience() as audience:
        reader = await audience.join(headers={"Authorization": f"Token {token}"})
        error = await reader.next("error")

        assert [frame["type"] for frame in reader.frames[:2]] == ["welcome", "error"]
        assert reader.frames[0]["user"] is None
        assert (error["code"], error["reason"]) == (401, "bad_token")
        assert (await reader.post("Hello?"))["reason"] == "bad_token"


@scene
async def test_only_versions_that_nobody_knows_are_refused_with_words(stage: Stage) -> None:
    async with raw_socket(stage.url) as socket:
        headers = {"Sec-WebSocket-Protocol": "comments.v9, soap"}
        socket.send(handshake(stage.url, f"/ws/article/{stage.new_article()}/", headers))
        assert await socket.status() == 101
        texts, code = await socket.texts_and_close()

    assert code == 4501
    assert '"reason":"protocol_version"' in texts[-1]


@scene
async def test_the_version_that_was_chosen_is_said(stage: Stage) -> None:
    async with stage.audience() as audience:
        both = await audience.join()
        neither = await audience.join(batches=False)

        assert both.socket.subprotocol == "comments.v1"
        assert neither.socket.subprotocol is None


@scene
async def test_the_oldest_socket_of_a_person_gives_way_to_one_more_than_they_may_have(
    limited_stage: Stage,
) -> None:
    async with limited_stage.audience() as audience:
        oldest = await audience.join("alice")
        others = [await audience.join("alice") for _ in range(29)]
        newest = await audience.join("alice")

        assert await oldest.closed() == 4504
        assert oldest.frames[-1]["type"] == "bye"
        assert not oldest.frames[-1]["reconnect"]
        assert newest.of_type("welcome")
        for other in others:
            await other.ping()
