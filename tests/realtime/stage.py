"""Where these tests play: a site that really runs, articles nobody has written under, and a small cast."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.realtime.client import Reader
from tests.realtime.database import query
from tests.realtime.thread_copy import Truth, thread_of, truth_of
from tests.services.site import AppServer, manage, production

ARTICLES = 300
KEPT = 0  # idle HTTP connections: servers close one after 5 s, and a request that crosses that is lost
CAST = {"alice": "reader1", "bob": "reader2", "carol": "reader3", "moderator": "moderator", "admin": "admin"}

SET_THE_STAGE = f"""
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from rest_framework.authtoken.models import Token
from blog.models import Article
with transaction.atomic():
    admin = User.objects.get(username="admin")
    for number in range({ARTICLES}):
        Article.objects.create(
            title=f"Stage {{number}}", slug=f"stage-{{number}}", author=admin, body="Curtain.",
            status="published", published_at=timezone.now(),
        )
    for user in User.objects.all():
        Token.objects.create(user=user)
"""


def set_the_stage(database_url: str) -> None:
    """Add empty articles, and a token for everybody, to a database that has the demo data."""
    manage("shell", "-c", SET_THE_STAGE, environment=production(DATABASE_URL=database_url))


class Stage:
    """A running site, and what a test needs to know of it."""

    def __init__(self, server: AppServer) -> None:
        self.server = server
        self.url = server.url
        self._slugs = (f"stage-{number}" for number in range(ARTICLES))
        self._tokens: dict[str, str] = {}
        self._clients: dict[str, httpx.Client] = {}

    def new_article(self) -> str:
        """The slug of an article that nobody has read yet."""
        return next(self._slugs)

    def token(self, who: str) -> str:
        if not self._tokens:
            rows = query(
                self.server.database_url,
                "SELECT u.username, t.key FROM authtoken_token t JOIN auth_user u ON u.id = t.user_id",
            )
            self._tokens = dict(rows)
        return self._tokens[CAST.get(who, who)]

    def user_id(self, who: str) -> str:
        name = CAST.get(who, who)
        [(pk,)] = query(self.server.database_url, "SELECT id FROM auth_user WHERE username = ?", name)
        return f"u{pk}"

    def client(self, who: str) -> httpx.Client:
        """Somebody's browser, logged in; the same at every call."""
        if who not in self._clients:
            self._clients[who] = self.server.client(CAST.get(who, who))
        return self._clients[who]

    def truth(self, slug: str) -> Truth:
        return truth_of(self.server.database_url, slug)

    def headers(self, who: str | None, by: str = "token") -> dict[str, str]:
        """The headers of a handshake by which the server knows somebody: by `token` or by `cookie`."""
        if who is None:
            return {}
        if by == "token":
            return {"Authorization": f"Token {self.token(who)}"}
        cookies = "; ".join(f"{name}={value}" for name, value in self.client(who).cookies.items())
        return {"Origin": self.url, "Cookie": cookies}

    def guest(self, name: str) -> httpx.Client:
        """The browser of a guest who has given a name."""
        browser = self.server.client()
        browser.get("/login/")  # sets the CSRF cookie
        browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
        browser.post("/api/guest/", json={"name": name}).raise_for_status()
        return browser

    def moderate(self, action: str, comment_id: str) -> None:
        """Do in the admin what a moderator does there: hide, restore or delete a comment."""
        form = {"action": action, "_selected_action": comment_id}
        self._admin("comments/comment", form)

    def edit(self, comment_id: str, content: str) -> None:
        """Give a comment another text in the admin."""
        form = {"status": "visible", "initial-status": "visible", "content": content, "initial-content": ""}
        self._admin(f"comments/comment/{comment_id}/change", form)

    def set_policy(self, action: str, slug: str) -> None:
        """Lock or unlock a thread in the admin."""
        thread, _ = thread_of(self.server.database_url, slug)
        self._admin("comments/thread", {"action": action, "_selected_action": thread})

    def rename(self, slug: str) -> str:
        """Give an article another slug in the admin; returns it."""
        [(pk, title, body, author)] = query(
            self.server.database_url,
            "SELECT id, title, body, author_id FROM blog_article WHERE slug = ?",
            slug,
        )
        form = {"title": title, "slug": f"renamed-{slug}", "body": body, "author": author}
        self._admin(f"blog/article/{pk}/change", {**form, "status": "published"})
        return f"renamed-{slug}"

    def revise(self, slug: str, body: str) -> None:
        """Give an article another text in the admin."""
        [(pk, title, author)] = query(
            self.server.database_url, "SELECT id, title, author_id FROM blog_article WHERE slug = ?", slug
        )
        form = {"title": title, "slug": slug, "body": body, "author": author, "status": "published"}
        self._admin(f"blog/article/{pk}/change", form)

    def _admin(self, place: str, form: dict[str, Any]) -> None:
        browser = self.client("admin")
        answer = browser.post(
            f"/admin/{place}/", data={**form, "csrfmiddlewaretoken": browser.headers["X-CSRFToken"]}
        )
        assert "success" in answer.raise_for_status().text

    @asynccontextmanager
    async def audience(self, slug: str | None = None) -> AsyncIterator[Audience]:
        """The readers of one article, who all leave in the end."""
        limits = httpx.Limits(max_connections=50, max_keepalive_connections=KEPT)
        async with httpx.AsyncClient(trust_env=False, timeout=90, limits=limits) as http:
            audience = Audience(self, slug or self.new_article(), http)
            try:
                yield audience
            finally:
                for reader in audience.readers:
                    await reader.leave()


class Audience:
    """Readers of one article."""

    def __init__(self, stage: Stage, slug: str, http: httpx.AsyncClient) -> None:
        self.stage = stage
        self.slug = slug
        self.http = http
        self.readers: list[Reader] = []
        self._numbers = itertools.count()

    def reader(
        self,
        who: str | None = None,
        *,
        by: str = "token",
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> Reader:
        """Somebody of the cast, or a stranger, who has not come yet."""
        url = options.pop("url", self.stage.url)
        sent = {**self.stage.headers(who, by), **(headers or {})}
        self.readers.append(Reader(url, self.slug, self.http, headers=sent, **options))
        return self.readers[-1]

    async def join(self, who: str | None = None, **options: Any) -> Reader:
        """Somebody comes, reads the snapshot and is welcomed."""
        reader = self.reader(who, **options)
        await reader.open()
        return reader

    def truth(self) -> Truth:
        return self.stage.truth(self.slug)
