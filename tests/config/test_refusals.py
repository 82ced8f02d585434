"""Pages that are not there cost the process nothing that stays."""

from __future__ import annotations

import asyncio

import httpx

from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.test_long_polling import database_files_of
from tests.services.waiting import wait_until

AT_ONCE = 20


@scene
async def test_they_leave_no_connection_to_the_database_open(uvicorn_stage: Stage) -> None:
    stage = uvicorn_stage
    cookies = stage.headers("alice", by="cookie")
    async with httpx.AsyncClient(base_url=stage.url, trust_env=False, timeout=90, headers=cookies) as http:
        answers = await asyncio.gather(*(http.get(f"/nowhere/{n}/") for n in range(AT_ONCE)))
        assert [answer.status_code for answer in answers] == [404] * AT_ONCE
        assert "Log out" in answers[0].text  # the page asked the database who reads it

    worker = stage.server.worker
    await asyncio.to_thread(wait_until, lambda: database_files_of(worker, stage) == 0)
