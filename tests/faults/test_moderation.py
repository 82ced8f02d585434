"""A text that moderators removed is on no page and in no answer, also for readers who were away."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.conftest import NewCluster
from tests.faults.crowd import Crowd
from tests.faults.notes import Note
from tests.realtime.scene import scene_of

READERS, AWAY = 100, 50
COMMENTS = 20
TAKEN_AWAY = "zinnober"  # a word in the texts that moderators remove


@pytest.mark.promise(16)
@scene_of(480)
async def test_comments_are_hidden_and_edited_while_50_are_away(new_cluster: NewCluster, notes: Note) -> None:
    async with new_cluster() as cluster, cluster.crowd(READERS) as crowd:
        stage = cluster.stage
        acks = [await crowd.post(reader, f"A {TAKEN_AWAY} one.") for reader in crowd.readers[:COMMENTS]]
        await crowd.settle()
        away = crowd.readers[-AWAY:]
        await asyncio.gather(*(reader.leave() for reader in away))
        for number, ack in enumerate(acks):
            if number % 2:
                await asyncio.to_thread(stage.moderate, "hide", ack["id"])
            else:
                await asyncio.to_thread(stage.edit, ack["id"], "A better one.")
        await crowd.post(crowd.readers[0], "And life goes on.")
        await asyncio.gather(*(reader.join() for reader in away))
        notes.verdict = await crowd.settle()

        assert notes.verdict.is_clean, notes.verdict
        assert notes.verdict.hidden == 0
        for reader in crowd.readers:
            assert not any(TAKEN_AWAY in str(comment) for comment in reader.copy.comments.values())
            assert len(reader.copy.shown()) == COMMENTS // 2 + 1
        assert await answers_with(TAKEN_AWAY, crowd) == []


async def answers_with(word: str, crowd: Crowd) -> list[str]:
    """Those of the site's answers about the article over HTTP that hold a word."""
    stage, slug = crowd.audience.stage, crowd.audience.slug
    article = f"/api/articles/{slug}"
    paths = [f"/articles/{slug}/", "/", "/feed/", f"{article}/", f"{article}/history/?after=0"]
    paths += [f"{article}/comments/?limit=100&sort={sort}" for sort in ("newest", "oldest", "top")]
    found = []
    for path in paths:
        answer = (await crowd.audience.http.get(f"{stage.url}{path}")).raise_for_status()
        if word in answer.text:
            found.append(path)
    return found
