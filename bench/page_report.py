"""The figures of the article's page as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator

from bench.page_figures import PageFigures

SCRIPT_LIMIT = 35_000  # bytes, compressed
FRAME_LIMIT = 50  # ms


def cost_rows(page: PageFigures) -> list[list[str]]:
    """What each order of the page costs the server."""
    rows = [["page", "queries", "time in the process", "HTML", "comments in it", "HTML a comment"]]
    bare = page.costs["no comments"]
    for name, cost in page.costs.items():
        each = f"{(cost.bytes - bare.bytes) / cost.comments:,.0f} B" if cost.comments else ""
        rows.append([name, f"{cost.queries}", f"{cost.ms:.0f} ms", _kb(cost.bytes), f"{cost.comments}", each])
    return rows


def load_rows(page: PageFigures) -> list[list[str]]:
    """What opening the page costs the reader."""
    rows = [
        ["profile", "first byte", "first paint", "last resource", "requests", "sent", "unpacked", "elements"]
    ]
    for load in page.loads:
        times = [_ms(load.first_byte), _ms(load.first_paint), _ms(load.last)]
        sizes = [f"{load.requests:g}", _kb(load.sent), _kb(load.raw), f"{load.nodes:,.0f}"]
        rows.append([load.profile, *times, *sizes])
    return rows


def burst_rows(page: PageFigures) -> list[list[str]]:
    """What comments cost that come while somebody reads."""
    rows = [["profile", "reading", "scripts in the longest frame", "scripts in all", "layout shift"]]
    for each in page.bursts:
        times = [_ms(each.longest), _ms(each.scripts)]
        rows.append([each.profile, each.place, *times, f"{each.shift:.4f}"])
    return rows


def other_rows(page: PageFigures) -> Iterator[list[str]]:
    """The files by kind, and coming back."""
    if (files := page.files) is not None:
        yield ["JavaScript as served", f"{_kb(files.script_bytes)} in {files.scripts} files"]
        yield ["CSS as served", f"{_kb(files.style_bytes)} in {files.styles} files"]
        yield ["fonts", _kb(files.font_bytes)]
        yield ["HTML as served", f"{_kb(files.html)} ({_kb(files.raw_html)} unpacked)"]
    if (back := page.comeback) is not None:
        yield [
            f"back after {page.offline:g} s offline, {page.missed} comments missed",
            f"all shown {_ms(back.ms)} after the network, {_kb(back.bytes)}; asked: {', '.join(back.asked)}",
        ]


def page_goals(page: PageFigures) -> Iterator[tuple[str, float, float]]:
    """Each goal, what was measured, and the most that it may be."""
    if page.files is not None:
        yield "JavaScript ≤ 35 kB as served: kB", page.files.script_bytes / 1000, SCRIPT_LIMIT / 1000
    for name in dict.fromkeys(each.profile for each in page.bursts):
        bursts = [each for each in page.bursts if each.profile == name]
        yield (
            f"{name}, scripts in a frame ≤ {FRAME_LIMIT} ms",
            max(each.longest for each in bursts),
            FRAME_LIMIT,
        )
        yield f"{name}, layout shift 0", max(each.shift for each in bursts), 0
    if page.costs:
        orders = [cost.queries for name, cost in page.costs.items() if name in ("newest", "oldest", "top")]
        yield "queries are the same in each order: more than the fewest", max(orders) - min(orders), 0


def _kb(size: float) -> str:
    return f"{size / 1000:,.1f} kB"


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:,.0f} ms"
