"""Reads all of a thread over HTTP, as a client does that wants to have it."""

from __future__ import annotations

from typing import Any

import httpx

Answer = dict[str, Any]


async def read_whole(http: httpx.AsyncClient, address: str) -> tuple[Answer, list[Answer]]:
    """The first page of the snapshot, and the comments of all conversations.

    address: of the thread's comments. What changes meanwhile is in the history after the first page's number.
    """
    first = page = await _get(http, address, sort="oldest", limit=100)
    comments = await _comments_of(http, address, page)
    while page["next"]:
        page = await _get(http, address, sort="oldest", limit=100, cursor=page["next"])
        comments += await _comments_of(http, address, page)
    return first, comments


async def _comments_of(http: httpx.AsyncClient, address: str, page: Answer) -> list[Answer]:
    comments: list[Answer] = []
    for root in page["results"]:
        part = root["replies"]
        comments += [root, *part["results"]]
        while part["next"]:
            part = await _get(http, f"{address}{root['id']}/replies/", limit=200, cursor=part["next"])
            comments += part["results"]
    return comments


async def _get(http: httpx.AsyncClient, url: str, **query: Any) -> Answer:
    answer: Answer = (await http.get(url, params=query)).raise_for_status().json()
    return answer
