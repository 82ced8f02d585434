"""Processes agree on who reads, whatever is lost, doubled or swapped between them: any of it."""

import random

from hypothesis import given
from hypothesis import strategies as st

from comments.announcements import AnyPresence
from comments.wire import Person
from realtime.presence.presence import DIGEST_EVERY
from tests.realtime.presence_wire import PEOPLE, Wire, node, seen

Here = dict[str, list[tuple[str, Person | None]]]  # by process: the view and the reader of each connection


def everybody(here: Here) -> tuple[set[str], int]:
    """Who reads: in each process, a view belongs to whoever of its connections was named last."""
    named: dict[tuple[str, str], Person] = {}
    for process, connections in here.items():
        named |= {(process, view): person for view, person in connections if person}
    views = {view for connections in here.values() for view, _ in connections}
    return {person.name for person in named.values()}, len(views - {view for _, view in named})


def taken_from(
    connections: list[tuple[str, Person | None]], chance: random.Random
) -> tuple[str, Person | None]:
    """One of the connections, which ends; of those that look the same, the oldest one."""
    connection = chance.choice(connections)
    connections.remove(connection)
    return connection


@given(st.randoms(use_true_random=False), st.integers(2, 3), st.integers(1, 40))
def test_any_loss_any_copies_and_any_order_end_in_one_picture_after_the_grace(
    chance: random.Random, how_many: int, steps: int
) -> None:
    nodes = [node(f"node {number}") for number in range(how_many)]
    wire = Wire(*nodes)
    here: Here = {f"node {number}": [] for number in range(how_many)}
    on_the_way: list[AnyPresence] = []
    for step in range(steps):
        wire.now += 0.1
        number = chance.randrange(how_many)
        one, connections = nodes[number], here[f"node {number}"]
        if chance.random() < 0.05:  # its process was killed, and another took its place
            one = nodes[number] = wire.nodes[number] = node(f"node {number}", f"{step + 2}")
            here[f"node {number}"] = []
            on_the_way.append(one.request())
        elif connections and chance.random() < 0.4:
            view, person = taken_from(connections, chance)
            one.leave(view, person, wire.now, for_good=chance.random() < 0.2)
        elif connections and chance.random() < 0.2:
            view, before = taken_from(connections, chance)
            connections.append((view, chance.choice(PEOPLE)))
            one.identify(view, before, connections[-1][1])
        else:
            connections.append((f"page-{chance.randrange(6)}", chance.choice(PEOPLE)))
            one.join(*connections[-1])
        if chance.random() < 0.7 and (told := one.diff()):
            on_the_way += [told] * chance.choice([0, 1, 1, 2])
        while on_the_way and chance.random() < 0.6:
            message = on_the_way.pop(chance.randrange(len(on_the_way)))
            answers = [other.receive(message, wire.now) for other in nodes]
            on_the_way += [answer for answer in answers if answer and chance.random() < 0.8]
    chance.shuffle(on_the_way)
    for message in on_the_way:
        wire.send(message)
    wire.tell()
    wire.wait(DIGEST_EVERY)
    for one in nodes:  # those who are there are shown, and those who left for no longer than the grace
        names, _ = everybody(here)
        assert names <= seen(one)[0]
    for _ in range(3):
        wire.wait(DIGEST_EVERY)

    assert all(seen(one) == everybody(here) for one in nodes)
