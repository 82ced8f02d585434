"""A peer is sent so much ahead of what it says it has read, whatever it says."""

import asyncio

from realtime.readers.send_queue import LARGEST_BATCH, LIMIT
from realtime.readers.window import SIZE, Window
from tests.realtime.scene import scene


async def has_room(window: Window) -> bool:
    waiting = asyncio.ensure_future(window.wait())
    await asyncio.sleep(0)
    return waiting.cancel() is False


def full() -> Window:
    window = Window(size=100)
    window.sent(60)
    window.sent(60)
    return window


@scene
async def test_it_is_full_when_as_much_is_on_the_way_as_it_holds() -> None:
    window = Window(size=100)
    assert await has_room(window)
    window.sent(99)
    assert await has_room(window)
    window.sent(1)
    assert not await has_room(window)


@scene
async def test_every_frame_that_is_confirmed_makes_room() -> None:
    window = full()
    window.pinged(0)
    assert not await has_room(window)
    window.pinged(1)
    assert await has_room(window)


@scene
async def test_a_confirmation_counts_all_frames_of_the_socket_and_counts_once() -> None:
    window = full()
    window.pinged(2)
    window.sent(60)
    window.sent(60)
    window.pinged(2)
    assert not await has_room(window)
    window.pinged(3)
    assert await has_room(window)


@scene
async def test_one_whose_pings_count_nothing_is_believed_whenever_it_pings() -> None:
    window = full()
    window.pinged(None)

    assert await has_room(window)


@scene
async def test_one_who_counts_is_held_to_it_from_the_first_ping_on() -> None:
    window = full()
    window.pinged(0)
    window.pinged(None)
    assert not await has_room(window)

    window.pinged(2)
    window.sent(60)
    window.sent(60)
    assert not await has_room(window)


@scene
async def test_junk_confirms_no_more_than_was_sent() -> None:
    window = full()
    window.pinged(-5)
    assert not await has_room(window)
    window.pinged(10**30)
    window.sent(100)

    assert not await has_room(window)


def test_what_a_socket_may_hold_is_less_than_a_mebibyte() -> None:
    assert SIZE + LARGEST_BATCH + LIMIT < 1024 * 1024
