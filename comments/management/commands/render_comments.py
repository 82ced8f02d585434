"""`manage.py render_comments`: renders stored comments anew, after an upgrade changed how texts are shown."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from comments.management.threads import add_addresses, threads_at
from comments.renewal import render_anew


class Command(BaseCommand):
    help = "Make the HTML of stored comments anew from their texts, in all threads or in some."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_addresses(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        changed = sum(render_anew(thread=thread) for thread in threads_at(options["address"]))
        self.stdout.write(f"{changed} comments look different now, on each page that is loaded from now on.")
