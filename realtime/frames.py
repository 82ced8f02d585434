"""Frames that were made once for any number of readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

SHORT, LONG = 126, 65_536  # payload lengths where RFC 6455's frame header grows (section 5.2)


class Prepared:
    """One frame for any number of sockets: encoded once, framed once.

    fleeting: a picture of the moment (presence, typing) that the next one replaces; shed first. array: it is
    several frames already. event_id: "<epoch>:<seq>" of a numbered frame, from which a stream goes on.
    """

    def __init__(
        self, payload: bytes, *, fleeting: bool = False, array: bool = False, event_id: str | None = None
    ) -> None:
        self.payload = payload
        self.fleeting = fleeting
        self.event_id = event_id
        self._array = array

    @property
    def items(self) -> bytes:
        """What stands for it in a larger array."""
        return self.payload[1:-1] if self._array else self.payload

    @cached_property
    def text(self) -> str:
        return self.payload.decode()

    @cached_property
    def event(self) -> bytes:
        """The frame as one of HTML's server-sent events (section 9.2.6); every frame begins with its type."""
        kind = self.payload[len(b'{"type":"') :].partition(b'"')[0]
        identity = b"id: " + self.event_id.encode() + b"\n" if self.event_id else b""
        return identity + b"event: " + kind + b"\ndata: " + self.payload + b"\n\n"

    @cached_property
    def wire(self) -> bytes:
        """The unmasked text frame of RFC 6455, section 5.2."""
        size = len(self.payload)
        if size < SHORT:
            return bytes((0x81, size)) + self.payload
        if size < LONG:
            return b"\x81\x7e" + size.to_bytes(2, "big") + self.payload
        return b"\x81\x7f" + size.to_bytes(8, "big") + self.payload


def array_size(size: int, number: int) -> int:
    """Bytes of an array of so many frames, which have so many bytes together."""
    return size + len("[]") + (number - 1) * len(",")


def batches(frames: Sequence[Prepared], most: int) -> Iterator[Prepared]:
    """These frames as few arrays, none of more than so many bytes unless a frame alone has more."""
    batch: list[Prepared] = []
    size = 0
    for frame in frames:
        if batch and array_size(size + len(frame.payload), len(batch) + 1) > most:
            yield batched(batch)
            batch, size = [], 0
        batch.append(frame)
        size += len(frame.payload)
    if batch:
        yield batched(batch)


def batched(frames: list[Prepared]) -> Prepared:
    """Several frames as one, for sockets that take batches."""
    if len(frames) == 1:
        return frames[0]
    return Prepared(b"[" + b",".join(frame.items for frame in frames) + b"]", array=True)
