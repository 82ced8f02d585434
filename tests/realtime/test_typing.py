"""Who types is known while they type and a little longer, and nobody types for ever."""

from comments.wire import Typist
from realtime.presence.typing import EXPIRES, MOST_KEPT, MOST_SHOWN, Typing

ALICE = Typist("u1", "Alice", None)
BOB = Typist("u2", "Bob", "17")


def names(typing: Typing) -> list[str]:
    return [user.name for user in typing.snapshot().users]


def test_who_types_is_shown_with_the_comment_they_reply_to() -> None:
    typing = Typing()

    assert typing.start(BOB, now=0)
    assert typing.snapshot().users == [BOB]


def test_typing_expires_after_the_last_sign() -> None:
    typing = Typing()
    typing.start(ALICE, now=0)
    typing.start(ALICE, now=3)

    assert not typing.expire(3 + EXPIRES - 0.1)
    assert typing.expire(3 + EXPIRES)
    assert names(typing) == []


def test_a_repeated_sign_is_no_news_and_another_parent_is() -> None:
    typing = Typing()
    typing.start(ALICE, now=0)

    assert not typing.start(ALICE, now=3)
    assert typing.start(Typist("u1", "Alice", "17"), now=4)


def test_who_stopped_is_gone_at_once() -> None:
    typing = Typing()
    typing.start(ALICE, now=0)

    assert typing.stop("u1")
    assert not typing.stop("u1")
    assert not typing.expire(EXPIRES)


def test_those_who_began_first_are_shown_and_everybody_is_counted() -> None:
    typing = Typing()
    for number in range(MOST_SHOWN + 3):
        typing.start(Typist(f"u{number}", f"Reader {number}", None), now=number / 10)

    assert names(typing) == [f"Reader {number}" for number in range(MOST_SHOWN)]
    assert typing.snapshot().count == MOST_SHOWN + 3


def test_more_typists_than_anybody_could_read_are_not_kept() -> None:
    typing = Typing()
    for number in range(MOST_KEPT):
        typing.start(Typist(f"u{number}", "Somebody", None), now=0)

    assert not typing.start(Typist("one-more", "One more", None), now=0)
    assert not typing.start(Typist("u0", "Somebody", None), now=1)  # known: only a sign of life
    typing.expire(EXPIRES)
    assert typing.snapshot().count == 1
