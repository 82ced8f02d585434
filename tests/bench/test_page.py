"""The page's bench adds scripts up by frame, relays until it is cut, and draws the same thread each time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bench.page_figures import Burst, Cost, Files, PageFigures
from bench.page_report import cost_rows, page_goals
from bench.relay import Relay
from bench.thread import draw_parents
from bench.trace import scripting_by_frame

PATIENCE = 30.0  # s


def event(name: str, at: int, dur: int = 0, cpu: int | None = None, thread: int = 1) -> dict[str, Any]:
    """An event of a trace; times in µs."""
    times = {} if cpu is None else {"tdur": cpu}
    return {"name": name, "ph": "X" if dur else "I", "pid": 1, "tid": thread, "ts": at, "dur": dur, **times}


def test_scripts_count_for_their_frame_and_inner_ones_once() -> None:
    events = [
        event("BeginMainThreadFrame", 10_000),
        event("FunctionCall", 11_000, 4_000, cpu=3_000),
        event("FunctionCall", 12_000, 1_000, cpu=1_000),  # inside the one before
        event("RunMicrotasks", 16_000, 2_000),
        event("Layout", 18_000, 9_000),
        event("BeginMainThreadFrame", 30_000),
        event("TimerFire", 31_000, 1_000),
        event("FunctionCall", 11_000, 500, thread=2),
    ]
    assert scripting_by_frame(reversed(events)) == [0, 5, 1]


def test_a_trace_without_scripts_has_no_frames() -> None:
    assert sum(scripting_by_frame([event("BeginMainThreadFrame", 1)])) == 0
    assert scripting_by_frame([]) == []


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that sends twice what it gets."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(peer,), daemon=True).start()

        def answer(peer: socket.socket) -> None:
            with peer:
                while data := peer.recv(100):
                    peer.sendall(data * 2)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def call(relay: Relay) -> socket.socket:
    return socket.create_connection(("127.0.0.1", relay.port), PATIENCE)


def test_a_relay_counts_what_the_server_sends_until_it_is_cut(echo: int) -> None:
    with Relay(echo) as relay:
        with call(relay) as before:
            before.sendall(b"hello")
            assert before.recv(10, socket.MSG_WAITALL) == b"hellohello"
            assert relay.received == 10
            relay.cut()
            assert before.recv(10) == b""
        with call(relay) as refused:
            assert refused.recv(10) == b""
        relay.mend()
        with call(relay) as after:
            after.sendall(b"x")
            assert after.recv(2, socket.MSG_WAITALL) == b"xx"
        assert relay.received == 12


def test_the_thread_is_the_same_each_time_and_answers_only_what_is_older() -> None:
    parents = draw_parents(1000)
    assert parents == draw_parents(1000)
    assert all(parent is None or parent < number for number, parent in enumerate(parents))
    assert 0.6 < sum(parent is not None for parent in parents) / 1000 < 0.8
    assert parents.count(3) > 40


def test_goals_are_judged_by_the_worst_of_a_profile() -> None:
    page = PageFigures(10, 5, 1.0, 2, 3.0, costs={name: Cost(9, 5.0, 900, 3) for name in ("newest", "top")})
    page.costs["no comments"] = Cost(5, 1.0, 300, 0)
    page.files = Files(1, 30_000, 1, 9_000, 0, 500, 900)
    page.bursts = [
        Burst("phone", "at the top", longest, 90.0, shift) for longest, shift in ((9, 0), (60, 0.1))
    ]
    assert {goal: (found, most) for goal, found, most in page_goals(page)} == {
        "JavaScript ≤ 35 kB as served: kB": (30, 35),
        "phone, scripts in a frame ≤ 50 ms": (60, 50),
        "phone, layout shift 0": (0.1, 0),
        "queries are the same in each order: more than the fewest": (0, 0),
    }
    assert cost_rows(page)[1] == ["newest", "9", "5 ms", "0.9 kB", "3", "200 B"]
