"""The results as text: tables in Markdown that read well in a terminal too."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence

from bench.figures import FanOut, Share
from bench.hostile.report import ATTACKED, attack_rows
from bench.machine import describe
from bench.page_report import burst_rows, cost_rows, load_rows, other_rows, page_goals
from bench.plan import TUTORIAL, Results

UNKNOWN = "not measured here"
DISTURBED = 0.15  # share of the server's core that others used, from which on the report mentions it


def write_report(results: Results, load_before: float) -> str:
    """Return the whole report."""
    plan = results.plan
    parts = [
        "# Measured by `make bench`",
        f"{time.strftime('%Y-%m-%d %H:%M')}. {describe()}. {results.database}, Redis, uvicorn with one "
        f"worker where nothing else is said; {results.cores.told}. {load_before:.1f} processes wanted a core "
        "in the minute before.",
    ]
    if results.fanouts:
        parts += [
            f"## {plan.sockets:,} sockets on one article",
            "Every comment is stored before it is delivered; the tutorial's consumer stores nothing. CPU is "
            "what the server used, user and system, for one delivery to one socket; latency is that of what "
            "was delivered; server and client are what they used of their cores.",
            _table(_fanout_rows(results)),
            "\n".join([*_ratios(results.fanouts), *_notes(results.fanouts)]),
        ]
    if (page := results.page) is not None:
        parts += [
            f"## The page of an article with {page.comments:,} comments",
            "Queries and time are those of one page in the process. The reader's cache is empty. "
            "Scripts are CPU time of the page's main thread, with the layout that they force; "
            f"{page.burst} comments come in {page.seconds:g} s.",
            _table(cost_rows(page)),
            _table(load_rows(page)),
            _table(burst_rows(page)),
        ]
    if results.attacks:
        parts += ["## One hostile address", ATTACKED, _table(attack_rows(results.attacks))]
    if len(others := _other_rows(results)) > 1:
        parts += ["## One thing at a time", _table(others)]
    if goals := list(_goals(results)):
        parts += ["## Goals", _table([["goal", "measured", ""], *goals])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _fanout_rows(results: Results) -> list[list[str]]:
    rows = [
        [
            "",
            "comments/s",
            "deliveries/s",
            "delivered",
            "p50 ms",
            "p90 ms",
            "p99 ms",
            "max ms",
            "CPU µs",
            "server",
            "client",
        ]
    ]
    for each in sorted(results.fanouts, key=lambda fanout: fanout.rate):
        latency = each.latency
        rows.append(
            [
                each.who,
                f"{each.rate:g}",
                f"{each.per_second:,.0f}",
                _percent(each.share),
                *(_number(value) for value in (latency.p50, latency.p90, latency.p99, latency.most)),
                UNKNOWN if each.cpu_us is None else f"{each.cpu_us:.1f}",
                UNKNOWN if each.server is None else f"{each.server.busy:.0%}",
                f"{each.client.busy:.0%}",
            ]
        )
    return rows


def _ratios(fanouts: Sequence[FanOut]) -> Iterator[str]:
    for peer in (each for each in fanouts if each.who == TUTORIAL):
        for own in (each for each in fanouts if each.who != TUTORIAL and each.rate == peer.rate):
            if own.cpu_us and peer.cpu_us and own.delivered and peer.delivered:
                cpu, p99 = peer.cpu_us / own.cpu_us, peer.latency.p99 / own.latency.p99
                more = own.per_second / peer.per_second
                yield (
                    f"- {own.who} against {peer.who} at {own.rate:g}/s: {cpu:.1f} times less CPU, "
                    f"p99 {p99:.1f} times shorter, {more:.1f} times as many deliveries."
                )


def _notes(fanouts: Sequence[FanOut]) -> Iterator[str]:
    for each in fanouts:
        where = f"- {each.who} at {each.rate:g}/s: "
        if each.client.was_limit:
            yield where + f"the load client's core was full ({_told(each.client)}); it was a limit, too."
        if each.server is not None and each.server.others > DISTURBED:
            yield where + f"other processes were on the server's core ({_told(each.server)})."
        if each.errors or each.closed or each.doubled:
            what = f"{each.errors} refusals, {each.closed} sockets closed, {each.doubled} deliveries twice"
            yield f"{where}{what}."


def _other_rows(results: Results) -> list[list[str]]:
    rows = [["what", "figure"]]
    for memory in results.memories:
        kb = UNKNOWN if memory.kb is None else f"{memory.kb:.1f} kB"
        rows.append([f"memory of an idle socket, {memory.who}", f"{kb} ({memory.sockets:,} sockets)"])
    if (posting := results.posting) is not None:
        ack = f"ack p50 {_number(posting.ack.p50)} ms, p99 {_number(posting.ack.p99)} ms"
        core = "" if posting.server is None else f", server's core {posting.server.busy:.0%} busy"
        refused = f", {posting.errors} refused" if posting.errors else ""
        rows.append([f"{posting.posters} posters", f"{posting.per_second:,.0f} acks/s; {ack}{core}{refused}"])
        if posting.client.was_limit:
            rows[-1][1] += f"; the load client's core was full ({_told(posting.client)})"
    if results.idle is not None:
        latency = results.idle.latency
        rows.append(
            [
                "frame sent to frame on another socket, idle",
                f"median {latency.p50:.1f} ms, p99 {latency.p99:.1f}",
            ]
        )
    for herd in results.herds:
        current, connected = herd.current, herd.connected
        cpu = "" if herd.cpu_ms is None else f", server CPU {herd.cpu_ms:.1f} ms each"
        rows.append(
            [
                f"{herd.sockets:,} come back, {herd.what}, {herd.missed} comments missed",
                f"current p50 {_seconds(current.p50)}, p95 {_seconds(current.p95)}, "
                f"last {_seconds(current.most)} (connected {_seconds(connected.most)}); "
                f"{herd.requests:,} HTTP requests{cpu}; {herd.incomplete} incomplete",
            ]
        )
    rows += other_rows(results.page) if results.page is not None else ()
    if (soak := results.soak) is not None:
        rows.append(
            [
                f"{soak.joins:,} sockets come and go, {soak.posts:,} comments, {soak.seconds:,.0f} s",
                f"memory {soak.before_mb:.1f} MB when warm, {soak.after_mb:.1f} at the end "
                f"({soak.growth:+.1%}), {soak.most_mb:.1f} at most",
            ]
        )
    if (history := results.history) is not None:
        rows.append(
            [
                "history of 100 changes",
                f"{history.first_queries} queries, {history.first_ms:.1f} ms; "
                f"from the cache {history.again_queries}, {history.again_ms:.1f} ms",
            ]
        )
    return rows


def _goals(results: Results) -> Iterator[list[str]]:
    """The goals for one core, each beside what was measured."""
    for each in results.fanouts:
        if each.who != TUTORIAL and each.rate == 20 and each.sockets == 1000:
            yield _goal(
                f"{each.who}, 20/s to 1,000: all delivered", each.share, 1.0, at_least=True, shown=_percent
            )
            if each.cpu_us is not None:
                yield _goal(f"{each.who}, 20/s: CPU for a delivery ≤ 25 µs", each.cpu_us, 25)
            yield _goal(f"{each.who}, 20/s: p99 ≤ 60 ms", each.latency.p99, 60)
    for memory in results.memories:
        if memory.who != TUTORIAL and memory.kb is not None:
            yield _goal("an idle socket ≤ 45 kB", memory.kb, 45)
    if results.idle is not None:
        yield _goal("frame to frame, idle: median ≤ 50 ms", results.idle.latency.p50, 50)
    if results.soak is not None:
        yield _goal("memory after the soak within 5 %", abs(results.soak.growth), 0.05, shown=_percent)
    for goal, value, bound in page_goals(results.page) if results.page is not None else ():
        yield _goal(goal, value, bound)
    if results.history is not None:
        yield _goal("history of 100: queries ≤ 3", results.history.first_queries, 3)
        yield _goal("history of 100 ≤ 20 ms", results.history.first_ms, 20)


def _goal(
    goal: str,
    value: float,
    bound: float,
    *,
    at_least: bool = False,
    shown: Callable[[float], str] | None = None,
) -> list[str]:
    reached = value >= bound if at_least else value <= bound
    return [goal, (shown or _number)(value), "reached" if reached else "missed"]


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line([cell.ljust(width) for cell, width in zip(row, widths, strict=True)]) for row in rows]
    return "\n".join([lines[0], _line(["-" * max(3, width) for width in widths]), *lines[1:]])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    if math.isnan(value):
        return "none"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


def _percent(share: float) -> str:
    """The share in percent, rounded so that only a full share is shown as 100 %."""
    return "100 %" if share == 1 else f"{min(100 * share, 99.99) if share < 1 else 100 * share:.2f} %"


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.2f} s"


def _told(share: Share) -> str:
    databases = f", {share.databases:.0%} databases" if share.databases else ""
    return f"{share.busy:.0%} its own{databases}, {share.others:.0%} other processes"
