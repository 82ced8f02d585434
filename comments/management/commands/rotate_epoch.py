"""`manage.py rotate_epoch`: after a backup was restored, makes every open page start from a snapshot."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comments.errors import CommentError
from comments.models import Thread
from comments.queries import get_thread_at
from comments.services import rotate_epoch


class Command(BaseCommand):
    help = "Void the numbers that open pages and clients know, of all threads or of some."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", nargs="*", help="kind/key, such as recipe/plums; all by default")

    def handle(self, *args: Any, **options: Any) -> None:
        threads = Thread.objects.order_by("pk")
        if addresses := options["address"]:
            threads = threads.filter(pk__in=[_thread_at(address).pk for address in addresses])
        rotated = [rotate_epoch(thread=thread) for thread in threads.iterator()]
        self.stdout.write(f"{len(rotated)} threads begin anew. Open pages follow within seconds.")


def _thread_at(address: str) -> Thread:
    kind, _, key = address.partition("/")
    try:
        return get_thread_at(kind, key)
    except CommentError as error:
        raise CommandError(f"There is nothing at {address}; it must look like recipe/plums.") from error
