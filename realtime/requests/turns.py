"""Whose turn it is: a process works at few requests at once, and at fewer still of one address."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Most:
    """How many requests may be in a state at once: of one network, and in all."""

    of_one: int
    in_all: int


class Places:
    """Places of which one network may have some, and all together some more."""

    def __init__(self, most: Most) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()
        self._all = 0

    def has_one_for(self, network: str) -> bool:
        return self._all < self._most.in_all and self._taken[network] < self._most.of_one

    def take(self, network: str) -> None:
        self._taken[network] += 1
        self._all += 1

    def give_back(self, network: str) -> None:
        self._all -= 1
        self._taken[network] -= 1
        if not self._taken[network]:
            del self._taken[network]


class Turns:
    """Lets requests of many networks work, one network after another, so that none makes the others wait.

    work: requests whose answer is being made. answers: those whose answer is being made, or is not yet gone.
    """

    def __init__(self, *, work: Most, answers: Most) -> None:
        self._work = Places(work)
        self._answers = Places(answers)
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # the first has waited longest

    def __len__(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    async def take(self, network: str, patience: float) -> None:
        """Wait for a place to work. Raises TimeoutError after `patience` seconds."""
        if network not in self._waiting and self._may_work(network):
            self._begin(network)
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(network, deque()).append(turn)
        try:
            async with asyncio.timeout(patience):
                await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.end_work(network)
                self.end_answer(network)
            else:
                self._forget(network, turn)
            raise

    def end_work(self, network: str) -> None:
        """The answer is made, and now has to be taken by the client."""
        self._work.give_back(network)
        self._call_next()

    def end_answer(self, network: str) -> None:
        """The answer is gone."""
        self._answers.give_back(network)
        self._call_next()

    def _may_work(self, network: str) -> bool:
        return self._work.has_one_for(network) and self._answers.has_one_for(network)

    def _begin(self, network: str) -> None:
        self._work.take(network)
        self._answers.take(network)

    def _call_next(self) -> None:
        while (network := next(filter(self._may_work, self._waiting), None)) is not None:
            turns = self._waiting.pop(network)
            turn = turns.popleft()
            if turns:
                self._waiting[network] = turns  # behind the others
            self._begin(network)
            turn.set_result(None)

    def _forget(self, network: str, turn: asyncio.Future[None]) -> None:
        turns = self._waiting[network]
        turns.remove(turn)
        if not turns:
            del self._waiting[network]
