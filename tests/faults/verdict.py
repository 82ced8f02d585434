"""The oracle: when all is quiet, every client equals the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tests.realtime.database import query
from tests.realtime.thread_copy import ThreadCopy, Truth, thread_of, truth_of

MOST_NAMED = 5  # clients that a verdict names


@dataclass(frozen=True)
class Acked:
    """The acknowledgement of a comment; over HTTP it has no number."""

    id: str
    seq: int | None
    at: float  # by the loop's clock


@dataclass(frozen=True)
class Verdict:
    """The differences from the database, summed over all clients; all of them have to be zero.

    lost: acknowledged and not in the database, or in the database and not on a client. doubled: stored or
    applied twice. disordered: applied before an earlier change. hidden: shown although it is hidden. stale:
    in another version or text than the database's. unequal: with another position, number or count.
    """

    clients: int
    comments: int
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    hidden: int = 0
    stale: int = 0
    unequal: int = 0
    behind: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.hidden or self.stale or self.unequal)


@dataclass(frozen=True)
class Stored:
    """One thread as the database has it.

    ids: of all its comments by ref, hidden ones too; several where a ref was stored twice.
    """

    truth: Truth
    ids: Mapping[str, Sequence[str]]


def read_stored(database_url: str, slug: str) -> Stored:
    """Read a comments' thread. It may be called in any thread of the process."""
    return Stored(truth_of(database_url, slug), _ids_by_ref(database_url, slug))


def judge(
    stored: Stored,
    acked: Mapping[str, Acked],
    copies: Collection[ThreadCopy],
    behind: Sequence[str] = (),
) -> Verdict:
    """Compare the acknowledged comments, and the copy of each client, with the database.

    It is called on the event loop that feeds the copies, so that none changes while it is compared.
    """
    truth = stored.truth
    first = {ref: found[0] for ref, found in stored.ids.items()}
    return Verdict(
        clients=len(copies),
        comments=sum(map(len, stored.ids.values())),
        lost=sum(first.get(ref) != ack.id for ref, ack in acked.items())
        + sum(len(truth.comments.keys() - copy.shown().keys()) for copy in copies),
        doubled=sum(len(found) - 1 for found in stored.ids.values())
        + sum(len(copy.live) - len(set(copy.live)) for copy in copies),
        disordered=sum(copy.live != sorted(copy.live) for copy in copies),
        hidden=sum(len(copy.shown().keys() - truth.comments.keys()) for copy in copies),
        stale=sum(_count_stale(copy, truth) for copy in copies),
        unequal=sum(not _is_at_head(copy, truth) for copy in copies),
        behind=tuple(behind[:MOST_NAMED]),
    )


def _ids_by_ref(database_url: str, slug: str) -> dict[str, list[str]]:
    thread, _ = thread_of(database_url, slug)
    ids: dict[str, list[str]] = {}
    for key, ref in query(
        database_url, "SELECT id, ref FROM comments_comment WHERE thread_id = ? ORDER BY seq", thread
    ):
        ids.setdefault(str(ref).replace("-", ""), []).append(str(key))
    return ids


def _count_stale(copy: ThreadCopy, truth: Truth) -> int:
    shown = copy.shown()
    return sum(shown[key] != truth.comments[key] for key in shown.keys() & truth.comments.keys())


def _is_at_head(copy: ThreadCopy, truth: Truth) -> bool:
    numbered = {key: seq for key, seq in copy.numbered().items() if key in truth.seqs}
    ends = (copy.epoch, copy.position, copy.count)
    return ends == (truth.epoch, truth.head, truth.count) and all(
        truth.seqs[key] == seq for key, seq in numbered.items()
    )
