"""One hostile address: what it knows, what it does again and again, and what it was answered."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from bench.hostile.caller import Answer, Caller, NoAnswerError

ADDRESS = "127.0.0.2"
PAUSE = 0.05  # s after a connection that the server ended


class Attacker(Caller):
    """Has all that a stranger can get: the addresses of pages, a name as a guest, and a member's token.

    slug: of the article that the others read, too. large: of one with much below it. tally: what was
    answered, by status or in words.
    """

    def __init__(self, port: int, *, slug: str, large: str, token: str) -> None:
        super().__init__(port, ADDRESS)
        self.slug, self.large = slug, large
        self.api, self.socket_path = f"/api/articles/{slug}", f"/ws/article/{slug}/"
        self.member = {"Authorization": f"Token {token}"}
        self.tally: Counter[str] = Counter()

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Ask, and count the answer."""
        answer = await self.ask(method, path, headers, body)
        self.tally[str(answer.status)] += 1
        return answer

    async def at_once(self, count: int, work: Callable[[int], Awaitable[object]]) -> None:
        """Do so many things at the same time, each again as soon as it is over, until this is cancelled.

        `work` gets a number that no other of its runs has.
        """

        async def again(number: int) -> None:
            while True:
                try:
                    await work(number)
                except (NoAnswerError, OSError, asyncio.IncompleteReadError):
                    self.tally["cut"] += 1
                    await asyncio.sleep(PAUSE)
                number += count

        async with asyncio.TaskGroup() as group:
            for number in range(count):
                group.create_task(again(number))

    async def go_on(self, attack: Callable[[Attacker], Awaitable[None]]) -> None:
        """Attack until this is cancelled, also where the server does not let the attack begin at first."""
        while True:
            try:
                await attack(self)
            except NoAnswerError:
                self.tally["not begun"] += 1
                await asyncio.sleep(PAUSE)
