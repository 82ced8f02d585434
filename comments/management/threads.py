"""The threads that a command is about."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator

from django.core.management.base import CommandError

from comments.errors import CommentError
from comments.models import Thread
from comments.queries import get_thread_at


def add_addresses(parser: ArgumentParser) -> None:
    parser.add_argument("address", nargs="*", help="kind/key, such as recipe/plums; all by default")


def threads_at(addresses: list[str]) -> Iterator[Thread]:
    """The threads at these addresses, or all of them. Raises CommandError for an address of nothing."""
    threads = Thread.objects.order_by("pk")
    if addresses:
        threads = threads.filter(pk__in=[_thread_at(address).pk for address in addresses])
    return threads.iterator()


def _thread_at(address: str) -> Thread:
    kind, _, key = address.partition("/")
    try:
        return get_thread_at(kind, key)
    except CommentError as error:
        raise CommandError(f"There is nothing at {address}; it must look like recipe/plums.") from error
