"""A class of sixty behind one address: all sign in as guests, read and write, and nobody is turned away."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx

from tests.realtime.client import Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Audience, Stage

PEOPLE = 60
TRIES = 5  # as often as the page tries by itself before it asks its author


def sign_in(stage: Stage, slug: str, number: int) -> httpx.Client:
    """Somebody opens the page and gives a name."""
    browser = stage.server.client()
    browser.get(f"/articles/{slug}/").raise_for_status()
    browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
    browser.post("/api/guest/", json={"name": f"Pupil {number}"}).raise_for_status()
    return browser


async def write(audience: Audience, browser: httpx.Client, number: int) -> None:
    """Somebody comes live, as the guest they are, and writes; they wait where they are told to."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    reader = await audience.join(headers={"Origin": audience.stage.url, "Cookie": cookies})
    assert reader.of_type("welcome")[0]["user"]["name"] == f"Pupil {number}"
    ref = str(uuid.uuid4())
    for _ in range(TRIES):
        answer = await reader.post(f"Present, says {number}.", ref=ref)
        if answer["type"] == "ack":
            return
        assert (answer["reason"], "Many people" in answer["message"]) == ("rate_limited", True)
        await asyncio.sleep(answer["retry_after"])
    raise AssertionError(f"pupil {number} was not heard")


def has_everything(reader: Reader) -> bool:
    return len(reader.copy.comments) == PEOPLE


@scene
async def test_sixty_people_behind_one_address_take_part(limited_stage: Stage) -> None:
    async with limited_stage.audience() as audience:
        with ThreadPoolExecutor(8) as pool:
            signed_in = [
                pool.submit(sign_in, limited_stage, audience.slug, number) for number in range(PEOPLE)
            ]
            browsers = [await asyncio.wrap_future(each) for each in signed_in]
        async with asyncio.timeout(120):
            await asyncio.gather(
                *(write(audience, browser, number) for number, browser in enumerate(browsers))
            )

        assert len(audience.truth().comments) == PEOPLE
        for reader in audience.readers:
            await reader.until(partial(has_everything, reader))
