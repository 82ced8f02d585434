"""`python -m bench`: measure, show progress, print the table, write it and the plot to bench/results/."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from bench.errors import BenchError
from bench.machine import HAS_PROC, get_load, share_out_cores
from bench.plan import LONG, PARTS, Plan, Results
from bench.plot import draw
from bench.report import write_report
from bench.run import measure_all

RESULTS = Path(__file__).resolve().parent / "results"
QUICK = Plan(sockets=200, rates=(20,), seconds=2)


class Progress:
    """Prints each step of the run on stderr, with its number and the seconds since the start."""

    def __init__(self, steps: int) -> None:
        self._steps, self._step = steps, 0
        self._began = time.monotonic()

    def __call__(self, what: str) -> None:
        self._step += 1
        print(
            f"[{self._step:2}/{self._steps}] {time.monotonic() - self._began:4.0f} s  {what}",
            file=sys.stderr,
            flush=True,
        )


def read_arguments(arguments: list[str] | None = None) -> Plan:
    """Return the plan that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure the production server under load."
    )
    parser.add_argument(
        "--quick", action="store_true", help="200 sockets, one rate, 2 s each: does it work at all"
    )
    parser.add_argument("--sockets", type=_count, help="readers of the article (1000)")
    parser.add_argument("--rates", type=_rates, help="comments per second (20,100)")
    parser.add_argument("--seconds", type=_seconds, help="of posting for each figure (6)")
    parser.add_argument(
        "--only",
        type=_parts,
        help=f"some of {','.join((*PARTS, *LONG))}; soak, page and hostile take minutes",
    )
    parser.add_argument("--joins", type=_joins, help="sockets that come and go in the soak (200000)")
    parser.add_argument("--comments", type=_count, help="on the article whose page is opened (10000)")
    parser.add_argument("--offline", type=_seconds, help="that the reader of that page is offline (30)")
    given = parser.parse_args(arguments)
    plan = QUICK if given.quick else Plan()
    return Plan(
        parts=given.only or plan.parts,
        sockets=given.sockets or plan.sockets,
        rates=given.rates or plan.rates,
        seconds=given.seconds or plan.seconds,
        joins=given.joins or plan.joins,
        comments=given.comments or plan.comments,
        offline=given.offline or plan.offline,
    )


def main() -> int:
    """Run the plan; returns the exit status."""
    plan = read_arguments()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background job begins with the first ignored
        signal.signal(number, signal.default_int_handler)
    if not HAS_PROC:
        print("There is no /proc here: CPU and memory of the server can't be measured.", file=sys.stderr)
    load, results = get_load(), Results(plan, share_out_cores())
    failure = 0
    try:
        measure_all(results, Progress(plan.steps))
    except BenchError as error:
        print(f"The bench can't go on. {error}", file=sys.stderr)
        failure = 1
    except KeyboardInterrupt:
        print("Stopped; what was started has been ended.", file=sys.stderr)
        return 130
    report = write_report(results, load)
    print(report)
    if not failure:
        RESULTS.mkdir(exist_ok=True)
        name = "latest" if plan == Plan() else "partial"  # a run of some parts must not replace a whole one
        (RESULTS / f"{name}.md").write_text(report)
        if results.fanouts:
            (RESULTS / f"{name}.svg").write_text(draw(results.fanouts))
        print(f"Written to {RESULTS}/{name}.md")
    return failure


def _count(text: str) -> int:
    if not text.isdigit() or not 2 <= int(text) <= 15_000:
        raise argparse.ArgumentTypeError("a whole number from 2 to 15000")
    return int(text)


def _joins(text: str) -> int:
    if not text.isdigit() or not 2_000 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError("a whole number from 2000 to 10000000")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.5 <= seconds <= 30:  # sockets that say nothing for 45 s are given up by the server
        raise argparse.ArgumentTypeError("a number from 0.5 to 30")
    return seconds


def _rates(text: str) -> tuple[float, ...]:
    try:
        rates = tuple(float(word) for word in text.split(","))
    except ValueError:
        rates = ()
    if not rates or not all(0 < rate <= 2000 for rate in rates):
        raise argparse.ArgumentTypeError("numbers above 0, with commas between")
    return rates


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(text.split(","))
    if unknown := set(parts) - {*PARTS, *LONG}:
        raise argparse.ArgumentTypeError(
            f"unknown: {', '.join(sorted(unknown))}; there are {', '.join((*PARTS, *LONG))}"
        )
    return parts


if __name__ == "__main__":
    sys.exit(main())
