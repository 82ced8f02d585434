"""`manage.py rotate_epoch`: after a backup was restored, makes every open page start from a snapshot."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from comments.management.threads import add_addresses, threads_at
from comments.services import rotate_epoch


class Command(BaseCommand):
    help = "Void the numbers that open pages and clients know, of all threads or of some."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_addresses(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        rotated = [rotate_epoch(thread=thread) for thread in threads_at(options["address"])]
        self.stdout.write(f"{len(rotated)} threads begin anew. Open pages follow within seconds.")
