"""The last reader of a room who goes is told of at once: a process that ends may not live to say it later."""

import asyncio

from channels.layers import get_channel_layer

from comments.publisher import group_of
from realtime.presence.presence import Presence
from realtime.rooms.hub import Hub
from realtime.rooms.room import Room
from tests.realtime.scene import scene
from tests.realtime.test_room import ALICE, Seat

PATIENCE = 30.0  # s


@scene
async def test_the_other_processes_hear_of_it_without_a_tick_of_the_clock() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(group_of(1), channel)
    hub = Hub()
    room = hub.rooms[1] = Room(1, Presence("here", "1"))  # it is not open yet, so no tick tells of it
    seats = Seat(room, ALICE), Seat(room)
    for seat in seats:
        hub.join(room, seat)
    room.presence.diff()  # they were told of
    for seat in seats:
        hub.leave(room, seat)

    async with asyncio.timeout(PATIENCE):
        told = await layer.receive(channel)
        while told["presence"]["kind"] != "diff":
            told = await layer.receive(channel)
    assert (told["presence"]["left"], told["presence"]["guests"]) == (["u1"], 0)
