"""On a socket a page asks whether it is right, and falsehoods are told from truths."""

from typing import Any

import pytest

from comments.verification import digest_of
from tests.realtime.client import Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Stage


async def verify(reader: Reader, **fields: Any) -> bool | None:
    shown = [(int(c["id"]), c["version"]) for c in reader.copy.comments.values() if c["status"] == "visible"]
    asked = {"epoch": reader.copy.epoch, "seq": reader.copy.position, "digest": digest_of(sorted(shown))}
    asked |= {"windows": [{}]}
    before = len(reader.of_type("verified"))
    await reader.send({"type": "verify", **asked, **fields})
    await reader.until(lambda: len(reader.of_type("verified")) > before)
    same: bool | None = reader.of_type("verified")[-1]["same"]
    return same


@scene
async def test_a_reader_who_is_right_and_one_who_is_not(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        for n in range(3):
            await alice.post(f"{n}")
        await alice.reaches(3)
        assert await verify(alice) is True
        assert await verify(alice, digest="00000000") is False
        assert await verify(alice, epoch="of another life") is False
        alice.copy.comments.popitem()  # as if it had been lost
        assert await verify(alice) is False


@pytest.mark.parametrize(
    "wrong", [{"seq": "3"}, {"digest": None}, {"windows": []}, {"windows": [{"first": "plums"}]}]
)
@scene
async def test_a_question_that_makes_no_sense(stage: Stage, wrong: dict[str, Any]) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        await alice.send(
            {"type": "verify", "epoch": alice.copy.epoch, "seq": 0, "digest": "00000000", **wrong}
        )
        error = await alice.next("error")
        assert (error["code"], error["reason"]) == (400, "bad_field")
