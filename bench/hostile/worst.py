"""The texts that cost most: to normalise, to match, to render and to read."""

NAME_BYTES = 144_000
TEXT_BYTES = 990_000  # a request may have a million
COMMENT = 5_000  # characters


def marks(size: int) -> str:
    """A letter with combining marks in the order that takes longest to be put right (Unicode's D109)."""
    half = size // 4  # of each, with two bytes a mark
    return "a" + "\u0301" * half + "\u0316" * half


def filled(pattern: str, size: int) -> str:
    """A pattern again and again, of so many characters."""
    return (pattern * (size // len(pattern) + 1))[:size]


PATTERNS = (
    "\u0301\u0316",  # marks that change places
    "*a_",  # emphasis that opens and closes nothing
    "[",
    "[a](",
    "> ",
    "`a``",
    "example.com ",  # links without a scheme
    "http://a.b/ ",
    "@a ",
    "\ufdfa",  # eighteen letters, once it is normalised
    "<a ",
    "1. ",
)
LONG = tuple(filled(pattern, COMMENT) for pattern in PATTERNS)
HUGE = tuple(filled(pattern, TEXT_BYTES // len(pattern.encode()) * len(pattern)) for pattern in PATTERNS)
