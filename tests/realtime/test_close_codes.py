"""A client knows from a close code alone whether to come back."""

import pytest

from realtime.protocol import Bye, Close, bye, may_reconnect

COMES_BACK = [1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000, 4001, 4006, 4499]
STAYS_AWAY = [999, 1002, 1003, 1007, 1008, 1009, 1010, 3999, 4500, 4501, 4506, 4999, 5000]


@pytest.mark.parametrize("code", COMES_BACK)
def test_a_client_comes_back_after(code: int) -> None:
    assert may_reconnect(code)


@pytest.mark.parametrize("code", STAYS_AWAY)
def test_a_client_stays_away_after(code: int) -> None:
    assert not may_reconnect(code)


@pytest.mark.parametrize("code", Close)
def test_bye_says_what_its_code_means(code: Close) -> None:
    frame = bye(code, "a-reason", retry_after=2)

    assert frame == Bye(code=code, reason="a-reason", reconnect=may_reconnect(code), retry_after=2)
