"""The last reader of a room who goes is told of at once: a process that ends may not live to say it later."""

import asyncio

from channels.layers import get_channel_layer

from comments.announcements import PresenceDiff, Unpacker
from comments.publisher import group_of, publisher
from realtime.presence.presence import Presence
from realtime.rooms.membership import Membership
from realtime.rooms.moment import Moment
from realtime.rooms.moments import Moments
from realtime.rooms.room import Room
from realtime.rooms.table import Rooms
from realtime.rooms.tasks import Tasks
from tests.realtime.scene import scene
from tests.realtime.test_room import ALICE, Seat

PATIENCE = 30.0  # s


async def _nothing() -> None:
    """What a process does here when it has a new channel."""


@scene
async def test_the_other_processes_hear_of_it_without_a_tick_of_the_clock() -> None:
    publisher.attach(asyncio.get_running_loop())
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(group_of(1), channel)
    membership = Membership(on_message=lambda _: None, on_begun=_nothing, silent_after=10.0)
    rooms = Rooms("here", membership, Tasks(), on_member=lambda _: None, on_open=lambda: None)
    moments = Moments("here", rooms, Tasks())
    room = Room(1, Moment(Presence(thread=1, node="here", incarnation="1")))
    seats = Seat(room, ALICE, view="alices-page"), Seat(room, view="somebodys-page")
    for seat in seats:
        room.add(seat)
        moments.join(room, seat)
    room.moment.presence.diff()  # they were told of
    for seat in seats:
        room.remove(seat)
        moments.leave(room, seat, 0.0, for_good=False)

    async with asyncio.timeout(PATIENCE):
        told = Unpacker().unpack(await layer.receive(channel))
    assert isinstance(told, PresenceDiff)
    assert set(told.went) == {"alices-page", "somebodys-page"}
