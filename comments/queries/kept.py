"""Answers that many readers ask for at once, kept in this process for a minute, up to so many bytes in all.

Django's caches bound how many things they hold, and not how large they are. Strangers choose what they ask
for, so what is kept for them stands apart from all else that a project has in its cache.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

LASTS = 60.0  # s
MOST = 8_000_000  # bytes of all answers


class KeptAnswers:
    """Answers by their questions; the one that was asked for least recently goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._answers: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._lock = Lock()
        self.size = 0  # bytes of all answers

    def get(self, question: str) -> bytes | None:
        with self._lock:
            until, answer = self._answers.get(question, (0.0, b""))
            if until <= time.monotonic():
                self._drop(question)
                return None
            self._answers.move_to_end(question)
            return answer

    def keep(self, question: str, answer: bytes) -> None:
        """Keep an answer, unless it alone would take the place of most others."""
        if len(answer) > self._most // 10:
            return
        with self._lock:
            self._drop(question)
            self._answers[question] = (time.monotonic() + LASTS, answer)
            self.size += len(answer)
            while self.size > self._most:
                self._drop(next(iter(self._answers)))

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self.size = 0

    def _drop(self, question: str) -> None:
        _, answer = self._answers.pop(question, (0.0, b""))
        self.size -= len(answer)


answers = KeptAnswers()
