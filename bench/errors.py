"""What ends a run before its time."""


class BenchError(Exception):
    """Something that the measuring needs is not there or did not answer; the text says what."""
