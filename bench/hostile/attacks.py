"""The attacks by name. Each goes on until it is cancelled, and leaves nothing behind then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bench.hostile import floods, held
from bench.hostile.attacker import Attacker

Attack = Callable[[Attacker], Awaitable[None]]

ATTACKS: Mapping[str, Attack] = {
    "144 KB of combining marks as names": floods.worst_names,
    "1 MB of the worst texts": floods.worst_texts,
    "60 large answers that nobody reads": held.unread_answers,
    "1,500 half-sent bodies": held.half_sent_bodies,
    "heads that drip": held.dripped_heads,
    "bodies of 300 MB": held.huge_bodies,
    "60 sockets, 18 refused frames/s each": floods.refused_frames,
    "60 wrong passwords at once": floods.wrong_passwords,
    "all places taken": held.all_places,
    "history questions": floods.history_questions,
    "typing floods": floods.typing_floods,
    "handshake churn": floods.handshake_churn,
    "30 large reads at once": floods.large_reads,
}

EVERYTHING = "all of these at once"


async def everything(attacker: Attacker) -> None:
    """All attacks at the same time."""
    async with asyncio.TaskGroup() as group:
        for attack in ATTACKS.values():
            group.create_task(attacker.go_on(attack))
