"""What was measured of the article's page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cost:
    """What a page costs the server: queries, ms in the process, bytes of HTML, and the comments in it."""

    queries: int
    ms: float
    bytes: int
    comments: int


@dataclass(frozen=True)
class Load:
    """The opening of the page with an empty cache: ms since the navigation, bytes sent and unpacked."""

    profile: str
    first_byte: float
    first_paint: float
    last: float
    requests: float
    sent: float
    raw: float
    nodes: float


@dataclass(frozen=True)
class Files:
    """The files of the page by kind: their number and their bytes as served, which is compressed or not."""

    scripts: int
    script_bytes: int
    styles: int
    style_bytes: int
    font_bytes: int
    html: int
    raw_html: int


@dataclass(frozen=True)
class Burst:
    """Comments that came while somebody read: the scripts' longest frame and their sum in ms, the shift."""

    profile: str
    place: str
    longest: float
    scripts: float
    shift: float


@dataclass(frozen=True)
class Comeback:
    """How long a reader who was offline waits for what was missed, in ms, and the bytes that bring it.

    asked: what the page asked meanwhile, such as "socket" and "history".
    """

    ms: float
    bytes: int
    asked: list[str]


@dataclass
class PageFigures:
    """All of it. comments: on the article. burst: comments in `seconds`. missed: comments in `offline` s."""

    comments: int
    burst: int
    seconds: float
    missed: int
    offline: float
    costs: dict[str, Cost]
    loads: list[Load] = field(default_factory=list)
    files: Files | None = None
    bursts: list[Burst] = field(default_factory=list)
    comeback: Comeback | None = None
