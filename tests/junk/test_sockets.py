"""The server answers any input on a socket by the rules, and serves the next reader as ever."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Coroutine
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.junk.effort import effort
from tests.junk.peer import CODES, Peer
from tests.junk.strategies import any_text, broken, malformed, messages
from tests.realtime.raw import CLOSE, CONTINUED, codes_of_closes, frame
from tests.realtime.stage import Stage

T = TypeVar("T")
MOST_AT_ONCE = 2
PING, PONG = 9, 10
MALFORMED_IN_A_ROW = 5


class Sockets(RuleBasedStateMachine):
    """One or two sockets of a client that sends anything."""

    peers = Bundle("peers")
    stage: Stage
    slug: str

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.here: list[Peer] = []
        self.acked: set[str] = set()

    def run(self, action: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(action)

    @precondition(lambda self: len(self.here) < MOST_AT_ONCE)
    @rule(target=peers, who=st.sampled_from(["alice", "nobody", "forged token", "forged cookie"]))
    def come(self, who: str) -> Peer:
        return self.arrive(who)

    def arrive(self, who: str) -> Peer:
        headers = {
            "alice": self.stage.headers("alice"),
            "nobody": {},
            "forged token": {"Authorization": "Token " + "0" * 40},
            "forged cookie": {"Origin": self.stage.url, "Cookie": "sessionid=x%00; guest=a:b:c; csrftoken"},
        }[who]
        self.here.append(self.run(Peer.come(self.stage.url, self.slug, headers)))
        return self.here[-1]

    @rule(peer=peers, texts=st.lists(any_text, max_size=3))
    def send_texts(self, peer: Peer, texts: list[bytes]) -> None:
        for text in texts:
            peer.send(frame(text))
        self.hear(peer)

    @rule(peer=peers, message=messages)
    def post(self, peer: Peer, message: dict[str, Any]) -> None:
        text = json.dumps(message).encode()
        said = self.hear(peer, frame(text))
        assert [each["type"] for each in said if each["type"] in ("ack", "error")], said

    @rule(peer=peers, message=messages)
    def post_twice_at_once(self, peer: Peer, message: dict[str, Any]) -> None:
        text = frame(json.dumps(message).encode())
        said = [each for each in self.hear(peer, text + text) if each["type"] in ("ack", "error")]
        assert len(said) == 2
        assert said[0]["type"] == said[1]["type"]
        assert said[0].get("id") == said[1].get("id")

    @rule(peer=peers, token=st.text(max_size=50))
    def claim_to_be_somebody(self, peer: Peer, token: str) -> None:
        said = self.hear(peer, frame(json.dumps({"type": "auth", "token": token}).encode("utf-8", "replace")))
        assert {"welcome"} & {each["type"] for each in said} == set()

    @rule(peer=peers, text=any_text, data=st.data())
    def send_in_pieces(self, peer: Peer, text: bytes, data: st.DataObject) -> None:
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
        edges = [0, *cuts, len(text)]
        for number, (begin, end) in enumerate(pairwise(edges)):
            last = number == len(cuts)
            peer.send(frame(text[begin:end], opcode=CONTINUED if number else 1, fin=last))
            peer.send(frame(b"between", opcode=PING))
        self.hear(peer)

    @rule(peer=peers, payload=st.binary(max_size=125), opcode=st.sampled_from([PING, PONG]))
    def send_control(self, peer: Peer, payload: bytes, opcode: int) -> None:
        assert self.hear(peer, frame(payload, opcode=opcode))[-1]["type"] == "pong"

    @rule(peer=peers, texts=st.lists(malformed, min_size=1, max_size=MALFORMED_IN_A_ROW - 1))
    def send_malformed(self, peer: Peer, texts: list[bytes]) -> None:
        said = self.hear(peer, *map(frame, texts))
        assert [each["type"] for each in said] == ["error"] * len(texts) + ["pong"]

    @rule(peer=consumes(peers), texts=st.lists(malformed, min_size=MALFORMED_IN_A_ROW, max_size=9))
    def send_too_many_malformed(self, peer: Peer, texts: list[bytes]) -> None:
        for text in texts:
            peer.send(frame(text))
        self.run(peer.read_until(lambda: peer.code is not None))
        self.end(peer)
        assert peer.frames[-1]["type"] == "bye"
        assert (peer.frames[-1]["code"], peer.code) == (4506, 4506)

    @rule(peer=consumes(peers), junk=st.lists(broken, min_size=1, max_size=4))
    def send_bytes(self, peer: Peer, junk: list[bytes]) -> None:
        for data in junk:
            peer.send(data)
        self.end(peer, *codes_of_closes(b"".join(junk)))

    @rule(peer=consumes(peers), payload=st.binary(max_size=130))
    def close(self, peer: Peer, payload: bytes) -> None:
        close = frame(payload, opcode=CLOSE)
        peer.send(close + frame(b"{}"))
        self.end(peer, *codes_of_closes(close))

    @rule(peer=consumes(peers))
    def vanish(self, peer: Peer) -> None:
        self.run(peer.leave())
        self.here.remove(peer)

    @rule(target=peers, peer=consumes(peers))
    def vanish_and_come_back(self, peer: Peer) -> Peer:
        self.vanish(peer)
        return self.arrive("alice")

    def hear(self, peer: Peer, *frames: bytes) -> list[dict[str, Any]]:
        """Send frames and return the answers; the connection has to stay."""
        for each in frames:
            peer.send(each)
        said = self.run(peer.settle())
        assert not peer.over, f"closed with {peer.code} after {said}"
        for ack in (each for each in said if each["type"] == "ack"):
            (self.acked.add if ack["status"] == "visible" else self.acked.discard)(ack["id"])
        return said

    def end(self, peer: Peer, *echoes: int) -> None:
        """Read until the connection is over, which has to happen in a documented way.

        echoes: the codes of the closes that were sent, which the server may give back.
        """
        self.run(peer.see_the_end())
        self.here.remove(peer)
        assert peer.code in CODES | {None, 1000, *echoes}

    def teardown(self) -> None:
        try:
            self.run(self.all_is_well())
        finally:
            for peer in self.here:
                self.run(peer.leave())
            self.runner.close()

    async def all_is_well(self) -> None:
        """A proper client comes, writes, and gets its ack; the acknowledged comment is stored."""
        bob = await Peer.come(self.stage.url, self.slug, self.stage.headers("bob"))
        message = {"type": "message", "content": "All well?", "ref": str(uuid.uuid4())}
        bob.send(frame(json.dumps(message).encode()))
        said = await bob.settle()
        assert said[-2]["type"] == "ack", said
        await bob.leave()
        assert self.acked | {said[-2]["id"]} <= self.stage.truth(self.slug).comments.keys()


@pytest.mark.promise(20)
def test_junk_is_answered_by_the_rules(stage: Stage) -> None:
    machine = type("SocketsHere", (Sockets,), {"stage": stage, "slug": stage.new_article()})

    run_state_machine_as_test(machine, settings=effort(examples=50, thorough=2000))
