"""The fan-out as a picture: bars in an SVG, written by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from bench.figures import FanOut
from bench.plan import TUTORIAL

WIDTH, LEFT, BAR, GAP = 760, 230, 20, 8  # px
BARS = WIDTH - LEFT - 130  # width of the longest bar
INK, MUTED, LINE, PAPER = "#1f2328", "#5f6873", "#d9dde2", "#ffffff"
OWN, OWN_BATCHES, PEER = "#1a6b54", "#63ad97", "#c08a3e"


@dataclass(frozen=True)
class Panel:
    """One kind of figure, and whether more or less of it is better."""

    title: str
    value: Callable[[FanOut], float | None]
    label: Callable[[float], str]


PANELS = (
    Panel(
        "Server CPU for one delivery, µs (less is better)", lambda each: each.cpu_us, lambda v: f"{v:.1f} µs"
    ),
    Panel("Latency p99, ms (less is better)", lambda each: each.latency.p99, lambda v: f"{v:,.0f} ms"),
    Panel("Delivered, share of all (more is better)", lambda each: each.share, lambda v: f"{100 * v:.1f} %"),
)


def draw(fanouts: Sequence[FanOut]) -> str:
    """Return the SVG: for each kind of figure one bar for each server and rate."""
    ordered = sorted(fanouts, key=lambda each: each.rate)
    sockets = f"{ordered[0].sockets:,}" if ordered else "no"
    body = [_text(24, 34, f"One server core, {sockets} sockets on one article", size=17, weight=600)]
    top = 66.0
    for panel in PANELS:
        drawn, top = _draw_panel(panel, ordered, top)
        body += drawn
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top:.0f}" '
            f'viewBox="0 0 {WIDTH} {top:.0f}" font-family="system-ui, sans-serif" role="img" '
            'aria-label="Server CPU, latency and share delivered by server and rate">',
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            *body,
            "</svg>\n",
        ]
    )


def _draw_panel(panel: Panel, fanouts: Sequence[FanOut], top: float) -> tuple[list[str], float]:
    """The panel's elements, and where the next one begins."""
    known = [(each, value) for each in fanouts if (value := panel.value(each)) is not None and value == value]
    if not known:
        return [], top
    longest = max(value for _, value in known) or 1.0
    drawn = [_text(24, top, panel.title, size=13, weight=600)]
    y, rate = top + 14, known[0][0].rate
    for each, value in known:
        y += GAP if each.rate != rate else 0
        rate = each.rate
        width = max(1.0, BARS * value / longest)
        middle = y + BAR / 2 + 4
        drawn += [
            _text(LEFT - 10, middle, f"{each.who}, {each.rate:g}/s", anchor="end", fill=MUTED),
            f'<rect x="{LEFT}" y="{y:.0f}" width="{width:.1f}" height="{BAR}" fill="{_colour(each.who)}"/>',
            _text(LEFT + width + 8, middle, panel.label(value)),
        ]
        y += BAR + GAP
    drawn.append(f'<path d="M{LEFT} {top + 10:.0f}V{y:.0f}" stroke="{LINE}"/>')
    return drawn, y + 34


def _colour(who: str) -> str:
    return PEER if who == TUTORIAL else OWN_BATCHES if "batches" in who else OWN


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 12,
    weight: int = 400,
    anchor: str = "start",
    fill: str = INK,
) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{fill}">{escape(text)}</text>'
    )
