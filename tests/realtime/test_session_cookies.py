"""A session cookie of junk is nobody's on sockets and streams, too, on every database."""

import asyncio

import pytest

from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.ways import three_ways

# Cookies in quotes may hold any character, in octal digits (RFC 2109): this one holds a NUL.
JUNK = [
    '"abcdefghij\\000klmnopqrstuvwxyz01234"',
    "' OR 1=1 --",
    "x" * 3000,
    '"\\351\\351\\351\\351\\351\\351\\351\\351\\351"',
    '""',
]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:20])
@scene
async def test_a_junk_session_is_no_session_on_any_way(stage: Stage, junk: str) -> None:
    headers = {"Origin": stage.url, "Cookie": f"sessionid={junk}"}
    async with three_ways(stage, stage.new_article(), headers) as visits:
        await asyncio.gather(*(visit.come() for visit in visits))

        for visit in visits[:2]:
            assert (visit.frames[0]["type"], visit.frames[0]["user"]) == ("welcome", None)
        assert [visit.told for visit in visits] == [None] * 3
