"""Which thread is at an address: looked up once for all who ask at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from comments import queries, wire
from realtime.database import run_command

REMEMBERED = 2.0  # s
MOST_REMEMBERED = 1000  # addresses

Address = tuple[str, str]  # kind and key, as in the URL
LookUp = Callable[[str, str], tuple[int, wire.Subject]]


@dataclass(frozen=True)
class Found:
    """The thread at an address, and what is commented on there, by its present address."""

    thread_id: int
    subject: wire.Subject
    read_at: float  # by the loop's clock


class Addresses:
    """Knows which thread is at an address, from memory for a while. Failures are not remembered.

    look_up: asks the database, in a thread. Raises CommentError 404, or what the database raises.
    remembered: for how many seconds.
    """

    def __init__(self, look_up: LookUp | None = None, *, remembered: float = REMEMBERED) -> None:
        self._look_up = look_up or _look_up
        self._remembered = remembered
        self._answers: dict[Address, asyncio.Task[Found]] = {}

    def __len__(self) -> int:
        return len(self._answers)

    async def find(self, address: Address) -> Found:
        """What is at this address. Raises what `look_up` raises."""
        answer = self._answers.get(address)
        if answer is None or self._is_old(answer):
            answer = self._ask(address)
        # Shielded: a reader who leaves must not take the answer from the others who wait for it.
        return await asyncio.shield(answer)

    def _ask(self, address: Address) -> asyncio.Task[Found]:
        if len(self._answers) >= MOST_REMEMBERED:
            self._answers = {known: task for known, task in self._answers.items() if not task.done()}
        answer = asyncio.get_running_loop().create_task(self._read(address))
        self._answers[address] = answer
        answer.add_done_callback(lambda done: self._keep(address, done))
        return answer

    async def _read(self, address: Address) -> Found:
        begun = asyncio.get_running_loop().time()
        thread_id, subject = await run_command(self._look_up, *address)
        return Found(thread_id, subject, begun)

    def _keep(self, address: Address, done: asyncio.Task[Found]) -> None:
        if (done.cancelled() or done.exception() is not None) and self._answers.get(address) is done:
            del self._answers[address]

    def _is_old(self, answer: asyncio.Task[Found]) -> bool:
        now = asyncio.get_running_loop().time()
        return answer.done() and now - answer.result().read_at >= self._remembered


def _look_up(kind: str, key: str) -> tuple[int, wire.Subject]:
    thread = queries.get_thread_at(kind, key)  # made now, if nobody has read it before
    return thread.pk, wire.as_subject(thread)
