"""The error that ends a run early."""


class BenchError(Exception):
    """Something that the bench needs is missing or did not answer; the text says what."""
