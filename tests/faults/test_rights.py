"""A right that is lost is lost on every open socket, in every process, with Redis and without."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from tests.faults.cluster import Cluster
from tests.faults.conftest import NewCluster
from tests.faults.figures import Spread
from tests.faults.hurry import promised
from tests.faults.notes import Note
from tests.realtime.client import Reader
from tests.realtime.scene import scene_of
from tests.realtime.stage import Stage
from tests.realtime.test_rights import edit, number_of, submit

SOON, EVENTUALLY = 5.0, 60.0  # s; a process looks at all of its readers every 30 s in any case


def log_out(stage: Stage, who: str) -> None:
    submit(stage, who, "/logout/")


def give_a_new_password(stage: Stage, who: str) -> None:
    new = {"password1": "a-very-new-one-77", "password2": "a-very-new-one-77", "usable_password": "true"}
    submit(stage, "admin", f"/admin/auth/user/{number_of(stage, who)}/password/", **new)


def ban(stage: Stage, who: str) -> None:
    edit(stage, who, is_active=None)


def delete_the_account(stage: Stage, who: str) -> None:
    submit(stage, "admin", f"/admin/auth/user/{number_of(stage, who)}/delete/", post="yes")


REVOKED: dict[str, Callable[[Stage, str], None]] = {
    "alice": log_out,
    "bob": give_a_new_password,
    "carol": ban,
    "reader9": delete_the_account,
}


@pytest.mark.promise(15)
@scene_of(480)
async def test_rights_end_within_seconds(new_cluster: NewCluster, notes: Note) -> None:
    async with new_cluster() as cluster:
        notes.recovery = await everybody_loses_theirs(cluster, promised(SOON))
        notes.remark = "with Redis"


@pytest.mark.promise(15)
@pytest.mark.thorough
@scene_of(480)
async def test_rights_end_within_a_minute_without_redis(new_cluster: NewCluster, notes: Note) -> None:
    async with new_cluster() as cluster:
        await asyncio.to_thread(cluster.redis.stop)
        notes.recovery = await everybody_loses_theirs(cluster, EVENTUALLY)
        notes.remark = "without Redis"


async def everybody_loses_theirs(cluster: Cluster, within: float) -> Spread:
    """Take a right from each user; returns the seconds until each of their sockets had lost it."""
    stage = cluster.stage
    stage.client("admin")
    async with stage.audience() as audience:
        sockets = {
            who: [await audience.join(who, by="cookie", url=server.url) for server in cluster.servers]
            for who in (*REVOKED, "reader10")
        }
        seconds = await asyncio.gather(*(loses(stage, who, sockets[who], within) for who in REVOKED))
        for socket in sockets["reader10"]:
            assert (await socket.post("Still here."))["type"] == "ack"
    return Spread.of(each for some in seconds for each in some)


async def loses(stage: Stage, who: str, sockets: list[Reader], within: float) -> list[float]:
    clock = asyncio.get_running_loop().time
    begun, seconds = clock(), []
    await asyncio.to_thread(REVOKED[who], stage, who)
    for socket in sockets:
        await socket.until(partial(is_nobody, socket), within)
        seconds.append(clock() - begun)
        if socket.close_code is None:
            assert (await socket.post("Am I still somebody?"))["reason"] == "login_required"
    return seconds


def is_nobody(socket: Reader) -> bool:
    """Whether the server has told this socket that it has no name any more, or has banned it."""
    return socket.close_code == 4505 or socket.of_type("welcome")[-1]["user"] is None
