"""The same ref is the same comment, however often and on whatever way it comes."""

import asyncio
import uuid

from tests.realtime.scene import scene
from tests.realtime.stage import Audience, Stage


async def post_over_rest(audience: Audience, who: str, content: str, ref: str) -> tuple[int, str]:
    answer = await audience.http.post(
        f"{audience.stage.url}/api/articles/{audience.slug}/comments/",
        json={"content": content, "ref": ref},
        headers=audience.stage.headers(who),
    )
    return answer.status_code, answer.json().get("id", answer.json().get("reason"))


@scene
async def test_a_repeated_ref_is_the_same_comment(stage: Stage) -> None:
    ref = str(uuid.uuid4())
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        first = await alice.post("Once.", ref=ref)
        again = await alice.post("Once.", ref=ref)
        fence = await alice.post("Fence.")
        await bob.reaches(fence["seq"])

        assert (first["duplicate"], again["duplicate"]) == (False, True)
        assert again["id"] == first["id"]
        assert len(audience.truth().comments) == len(bob.of_type("message")) == 2


@scene
async def test_a_ref_with_another_text_is_a_conflict(stage: Stage) -> None:
    ref = str(uuid.uuid4())
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        await alice.post("This.", ref=ref)
        error = await alice.post("No, that.", ref=ref)

        assert (error["code"], error["reason"]) == (409, "ref_conflict")


@scene
async def test_the_ref_of_somebody_else_tells_nothing(stage: Stage) -> None:
    ref = str(uuid.uuid4())
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        hers = await alice.post("Hers.", ref=ref)
        his = await bob.post("His.", ref=ref)

        assert not his["duplicate"]
        assert his["id"] != hers["id"]


@scene
async def test_one_ref_on_two_ways_at_once_is_one_comment(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        for number in range(10):
            ref = str(uuid.uuid4())
            ack, (code, its_id) = await asyncio.gather(
                alice.post(f"{number}", ref=ref), post_over_rest(audience, "alice", f"{number}", ref)
            )
            assert ack["id"] == its_id
            assert (ack["duplicate"], code) in [(False, 200), (True, 201)]

        assert len(audience.truth().comments) == 10
