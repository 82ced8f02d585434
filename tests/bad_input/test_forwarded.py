"""Proxies that the operator named are believed when they say where a request came from; others are not."""

from collections.abc import Callable, Iterable

from tests.realtime.stage import Stage

NewStage = Callable[..., Stage]
NAMES = 10  # names that one address may give at once
CLAIMS = [f"203.0.113.{number}" for number in range(NAMES + 1)]
ONE = ["203.0.113.200"] * (NAMES + 1)


def answers(stage: Stage, headers: Iterable[dict[str, str]]) -> list[int]:
    """The statuses of requests for a guest's name, one with each of these headers."""
    browser = stage.server.client()
    browser.get("/login/")  # sets the CSRF cookie
    csrf = {"X-CSRFToken": browser.cookies["csrftoken"]}
    return [
        browser.post("/api/guest/", json={"name": f"Guest {number}"}, headers=csrf | claimed).status_code
        for number, claimed in enumerate(headers)
    ]


def claims(addresses: Iterable[str]) -> list[dict[str, str]]:
    return [
        {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}
        for address in addresses
    ]


def test_a_stranger_who_claims_many_addresses_is_one(new_stage: NewStage) -> None:
    stage = new_stage(RATE_LIMITS="on")

    assert answers(stage, claims(CLAIMS)) == [200] * NAMES + [429]


def test_daphne_believes_it_no_more(new_stage: NewStage) -> None:
    stage = new_stage(server="runserver", RATE_LIMITS="on")

    assert answers(stage, claims(CLAIMS)) == [200] * NAMES + [429]


def test_a_proxy_that_was_named_is_believed(new_stage: NewStage) -> None:
    stage = new_stage(RATE_LIMITS="on", TRUSTED_PROXIES="127.0.0.1")

    assert answers(stage, claims(CLAIMS)) == [200] * (NAMES + 1)
    assert answers(stage, claims(ONE)) == [200] * NAMES + [429]


def test_of_what_it_was_told_by_others_the_last_counts(new_stage: NewStage) -> None:
    """A client behind the proxy can send addresses of its own; the proxy adds the true one behind them."""
    stage = new_stage(RATE_LIMITS="on", TRUSTED_PROXIES="127.0.0.1")

    assert answers(stage, claims(f"{claim}, {ONE[0]}" for claim in CLAIMS)) == [200] * NAMES + [429]
