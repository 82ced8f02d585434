"""Reads Chromium's trace of a page: how long its scripts ran in each frame."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

Event = Mapping[str, Any]

# All others would come, too, and slow the page down. The second one has the frames.
CATEGORIES = "-*,devtools.timeline,disabled-by-default-devtools.timeline.frame"
# What runs the page's scripts. The layout that a script forces lies inside, and counts as the script's.
SCRIPTING = frozenset(
    ("EvaluateScript", "FunctionCall", "FireAnimationFrame", "TimerFire", "RunMicrotasks", "EventDispatch")
)
FRAME = "BeginMainThreadFrame"
PATIENCE = 60.0  # s for a trace to be handed over


@contextmanager
def tracing(devtools: CDPSession) -> Iterator[list[Event]]:
    """Trace the page during the block; the events are in the list behind it."""
    events: list[Event] = []
    ended: list[bool] = []
    devtools.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    devtools.on("Tracing.tracingComplete", lambda _: ended.append(True))
    devtools.send("Tracing.start", {"categories": CATEGORIES, "transferMode": "ReportEvents"})
    yield events
    devtools.send("Tracing.end")
    deadline = time.monotonic() + PATIENCE
    while not ended and time.monotonic() < deadline:
        devtools.send(
            "Runtime.evaluate", {"expression": "0"}
        )  # Playwright hears events while it is spoken to


def scripting_by_frame(events: Iterable[Event]) -> list[float]:
    """How long scripts ran in each frame of the page's main thread, in ms of CPU time.

    The page's main thread is the one whose scripts ran longest. A script counts for the frame that ends after
    it; what runs inside another script counts once.
    """
    threads: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in events:
        if event.get("name") == FRAME or (event.get("name") in SCRIPTING and event.get("ph") == "X"):
            threads[event["pid"], event["tid"]].append(event)
    frames = [_frames_of(thread) for thread in threads.values()]
    return max(frames, key=sum, default=[])


def _frames_of(events: list[Event]) -> list[float]:
    took = [0.0]
    busy_until = 0.0
    for event in sorted(events, key=lambda event: (event["ts"], -event.get("dur", 0))):
        if event["name"] == FRAME:
            took.append(0.0)
        elif event["ts"] >= busy_until:
            busy_until = event["ts"] + event.get("dur", 0)
            took[-1] += event.get("tdur", event.get("dur", 0)) / 1000
    return took
