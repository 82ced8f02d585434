"""`manage.py demo`: articles, readers and threads to try the site with."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission, User
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from blog.demo import make_articles
from blog.models import Article
from comments.authors import author_of_user
from comments.conf import reaction_kinds
from comments.models import Comment
from comments.queries import get_thread
from comments.reactions import react
from comments.services import post_comment
from config.demo_accounts import ADMIN_PASSWORD, PASSWORD, READERS, SHORTEST, hash_chosen
from config.demo_threads import THREADS, Remark
from config.stores import DEVELOPMENT_DATABASE

MODERATOR_RIGHTS = ("view_comment", "change_comment", "view_thread", "change_thread")
# The namespace of the comments' refs: the same remark made again is the same comment (RFC 4122, version 5).
REFS = uuid.UUID("6f1c1f0e-6d0b-4f0e-9d3a-4a0f2f6f3c55")


class Command(BaseCommand):
    help = "Make 12 articles, 50 readers, a moderator, an admin, and some threads; again and again the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password", help="of everybody, for a database that is not the development's")
        parser.add_argument("--if-empty", action="store_true", help="only where there is no article yet")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["password"]
        check_place(chosen)
        if options["if_empty"] and Article.objects.exists():
            return
        self.stdout.write("Making articles, readers and comments to try the site with, for some seconds …")
        self.stdout.flush()
        # One hash for many people: 50 hashes would take seconds.
        password = hash_chosen(chosen) if chosen else make_password(PASSWORD)
        admin = make_admin(password if chosen else make_password(ADMIN_PASSWORD))
        make_moderator(password if chosen else make_password(PASSWORD))
        make_readers(password)
        articles = make_articles(admin)
        with override_settings(COMMENTS_RATE_LIMITS=False):  # one script speaks for many people
            for slug, remarks in THREADS.items():
                make_thread(articles[slug], remarks)
        self.stdout.write(f"{len(articles)} articles, {Comment.objects.count()} comments.")
        if not chosen:
            self.stdout.write(
                f"admin / {ADMIN_PASSWORD} · moderator / {PASSWORD} · reader1 … reader{READERS} / {PASSWORD}"
            )


def check_place(chosen: str | None) -> None:
    """Raise CommandError where the demo's passwords, which everybody knows, would open a real site."""
    if chosen is not None and len(chosen) < SHORTEST:
        raise CommandError(f"--password takes {SHORTEST} characters or more.")
    if chosen in (ADMIN_PASSWORD, PASSWORD):
        raise CommandError("Everybody knows that password. Choose another.")
    if not chosen and not (settings.DEBUG and connection.settings_dict["NAME"] == str(DEVELOPMENT_DATABASE)):
        raise CommandError(
            "This is not the development's own database, and everybody knows the demo's passwords. "
            "Unset DATABASE_URL and SECRET_KEY, or give everybody a password of your own: --password."
        )


def make_admin(password: str) -> User:
    """The author of all articles. password: its hash."""
    admin, _ = User.objects.get_or_create(
        username="admin",
        defaults={
            "is_staff": True,
            "is_superuser": True,
            "password": password,
            "first_name": "Mara",
            "last_name": "Lindqvist",
        },
    )
    return admin


def make_moderator(password: str) -> User:
    """A user who may moderate and nothing else."""
    moderator, _ = User.objects.get_or_create(
        username="moderator", defaults={"is_staff": True, "password": password}
    )
    rights = Permission.objects.filter(content_type__app_label="comments", codename__in=MODERATOR_RIGHTS)
    moderator.user_permissions.set(rights)
    return moderator


def make_readers(password: str) -> None:
    """reader1 … reader50."""
    readers = [User(username=f"reader{n}", password=password) for n in range(1, READERS + 1)]
    User.objects.bulk_create(readers, ignore_conflicts=True)


def make_thread(article: Article, remarks: list[Remark], parent: Comment | None = None) -> None:
    """Post remarks and the replies to them, each with its time after the article."""
    thread = get_thread(article)
    for remark in remarks:
        posted = post_comment(
            author=author_of_user(User.objects.get(username=remark.who)),
            thread=thread,
            content=remark.text,
            ref=uuid.uuid5(REFS, f"{article.slug} {remark.who} {remark.text}"),
            parent=parent.pk if parent else None,
            written_at=(article.published_at or timezone.now()) + timedelta(minutes=remark.minutes_later),
        )
        if not posted.duplicate:
            like(posted.comment, remark)
        make_thread(article, remark.replies, posted.comment)


def like(comment: Comment, remark: Remark) -> None:
    """Have some readers react, the same ones each time; to replies fewer than to what they answer."""
    for kind, divisor in zip(reaction_kinds(), (5, 4, 7), strict=False):
        for number in range(len(remark.text) % divisor - (comment.parent_id is not None)):
            reader = author_of_user(User.objects.get(username=f"reader{READERS - number}"))
            react(author=reader, thread=comment.thread, comment_id=str(comment.pk), emoji=kind, on=True)
