"""`manage.py recount_comments`: mends the numbers of replies where rows were written past the services."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from comments.models import Thread
from comments.recounting import recount_thread


class Command(BaseCommand):
    help = "Find the conversation of every comment and count the replies; once more after an update, say."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = [recount_thread(thread=thread) for thread in Thread.objects.order_by("pk").iterator()]
        mended = sum(1 for rows in wrong if rows)
        self.stdout.write(
            f"{len(wrong)} threads, {mended} of them mended. Their pages follow within seconds."
        )
