"""Proxies that the operator named are believed when they say where a request came from; others are not."""

from collections.abc import Callable, Iterable

from tests.realtime.stage import Stage

NewStage = Callable[..., Stage]
TRIES = 6  # wrong passwords that one address may try for a name
CLAIMS = [f"203.0.113.{number}" for number in range(TRIES + 1)]
ONE = ["203.0.113.200"] * (TRIES + 1)


def answers(stage: Stage, headers: Iterable[dict[str, str]]) -> list[int]:
    """The statuses of logins with a wrong password, one with each of these headers."""
    browser = stage.server.client()
    guess = {"username": "alice", "password": "guessed"}
    return [browser.post("/api/token/", json=guess, headers=claimed).status_code for claimed in headers]


def claims(addresses: Iterable[str]) -> list[dict[str, str]]:
    return [
        {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}
        for address in addresses
    ]


def test_a_stranger_who_claims_many_addresses_is_one(new_stage: NewStage) -> None:
    stage = new_stage(RATE_LIMITS="on")

    assert answers(stage, claims(CLAIMS)) == [401] * TRIES + [429]


def test_daphne_believes_it_no_more(new_stage: NewStage) -> None:
    stage = new_stage(server="runserver", RATE_LIMITS="on")

    assert answers(stage, claims(CLAIMS)) == [401] * TRIES + [429]


def test_a_proxy_that_was_named_is_believed(new_stage: NewStage) -> None:
    stage = new_stage(RATE_LIMITS="on", TRUSTED_PROXIES="127.0.0.1")

    assert answers(stage, claims(CLAIMS)) == [401] * (TRIES + 1)
    assert answers(stage, claims(ONE)) == [401] * TRIES + [429]


def test_of_what_it_was_told_by_others_the_last_counts(new_stage: NewStage) -> None:
    """A client behind the proxy can send addresses of its own; the proxy adds the true one behind them."""
    stage = new_stage(RATE_LIMITS="on", TRUSTED_PROXIES="127.0.0.1")

    assert answers(stage, claims(f"{claim}, {ONE[0]}" for claim in CLAIMS)) == [401] * TRIES + [429]
