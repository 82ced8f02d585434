"""`manage.py rotate_epoch`: after a restored backup, have every open page begin again from a snapshot."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comments.models import Thread
from comments.services import rotate_epoch


class Command(BaseCommand):
    help = "Void the numbers that open pages and clients know, of all threads or of some articles'."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="*", help="articles; all by default")

    def handle(self, *args: Any, **options: Any) -> None:
        threads = Thread.objects.order_by("pk")
        if slugs := options["slug"]:
            threads = threads.filter(article__slug__in=slugs)
            if unknown := set(slugs) - set(threads.values_list("article__slug", flat=True)):
                raise CommandError(f"No comments of: {', '.join(sorted(unknown))}")
        rotated = [rotate_epoch(thread=thread) for thread in threads.iterator()]
        self.stdout.write(f"{len(rotated)} threads begin anew. Open pages follow within seconds.")
