"""Processes that tell each other who reads, without a network: a test carries what they say."""

from comments.announcements import AnyPresence
from comments.wire import Person
from realtime.presence.presence import Presence

ALICE, BOB, CAROL = Person("u1", "Alice"), Person("u2", "bob"), Person("u3", "Carol")
PEOPLE = [ALICE, BOB, CAROL, None]
PAGE, TAB, THIRD = "page-of-one", "tab-of-another", "third-page"  # page views


class Wire:
    """What carries messages between processes: each to everybody, the sender too."""

    def __init__(self, *nodes: Presence) -> None:
        self.nodes = list(nodes)
        self.now = 0.0

    def send(self, message: AnyPresence | None) -> None:
        waiting = [message]
        while waiting:
            each = waiting.pop(0)
            if each is not None:
                waiting += [node.receive(each, self.now) for node in self.nodes]

    def tell(self) -> None:
        """Every process says what changed."""
        for node in self.nodes:
            self.send(node.diff())

    def wait(self, seconds: float) -> None:
        """Time passes; in the end every process gives its sign of life."""
        self.now += seconds
        self.digest()

    def digest(self) -> None:
        for node in self.nodes:
            node.expire(self.now)
            self.send(node.digest())


def node(name: str, incarnation: str = "1") -> Presence:
    return Presence(thread=1, node=name, incarnation=incarnation)


def two() -> tuple[Presence, Presence, Wire]:
    """Two processes that know each other."""
    left, right = node("left"), node("right")
    wire = Wire(left, right)
    wire.digest()
    return left, right, wire


def seen(node: Presence) -> tuple[set[str], int]:
    """The names that a process shows, and the number of anonymous readers."""
    picture = node.snapshot()
    assert picture.count == len(picture.members) + picture.anonymous
    return {person.name for person in picture.members}, picture.anonymous
