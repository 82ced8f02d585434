"""Finds in logs what a server must not print."""

from re import MULTILINE
from re import split as split_at


def tracebacks_in(log: str) -> list[str]:
    """The tracebacks in a log, but for those that channels_redis logs when it has lost its Redis."""
    records = split_at(r"^(?=\d{4}-\d\d-\d\d \d\d:|ERROR: |Exception in )", log, flags=MULTILINE)
    return [record for record in records if "Traceback" in record and "channels_redis.pubsub" not in record]
