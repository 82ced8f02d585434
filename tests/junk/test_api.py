"""The HTTP API does what its own description says, whatever the request: no 5xx, nothing undocumented."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.junk.effort import effort
from tests.realtime.stage import Stage

COMMENT = "/api/{collection}/{key}/comments/{id}/"
OPERATIONS = [
    f"DELETE {COMMENT}",
    f"DELETE {COMMENT}reactions/{{emoji}}/",
    "GET /api/articles/",
    "GET /api/articles/{slug}/",
    "GET /api/me/",
    "GET /api/{collection}/{key}/comments/",
    "GET /api/{collection}/{key}/comments/{id}/",
    "GET /api/{collection}/{key}/comments/{id}/replies/",
    f"GET {COMMENT}revisions/",
    "GET /api/{collection}/{key}/history/",
    "GET /api/{collection}/{key}/since/",
    f"PATCH {COMMENT}",
    "POST /api/guest/",
    "POST /api/token/",
    "POST /api/{collection}/{key}/comments/",
    "POST /api/{collection}/{key}/comments/preview/",
    f"POST {COMMENT}restore/",
    "POST /api/{collection}/{key}/read/",
    "POST /api/{collection}/{key}/verify/",
    f"PUT {COMMENT}reactions/{{emoji}}/",
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
WHO = ["nobody", "alice", "a forged token"]


@pytest.fixture
def api(uvicorn_stage: Stage) -> Any:
    """The description that the running site gives of its API.

    Streams (`events/`) have no end and are not in it.
    """
    schema = schemathesis.openapi.from_url(f"{uvicorn_stage.url}/api/schema/")
    schema.config.generation.update(modes=list(GenerationMode))
    return schema


def test_every_operation_is_asked(api: Any) -> None:
    assert sorted(operation.ok().label for operation in api.get_all_operations()) == OPERATIONS


def article_with_comments(stage: Stage) -> tuple[str, list[str]]:
    """An article's slug, and the ids of its comments: a hidden one, another, and a reply to the first."""
    slug = stage.new_article()
    ids: list[str] = []
    with stage.server.client() as http:
        for parent in (None, None, 0):
            body = {
                "content": "*Ripe.*",
                "ref": str(uuid.uuid4()),
                "parent": None if parent is None else ids[parent],
            }
            answer = http.post(
                f"/api/articles/{slug}/comments/",
                json=body,
                headers=stage.headers("bob" if parent is None else "alice"),
            )
            ids.append(answer.raise_for_status().json()["id"])
    stage.moderate("hide", ids[0])
    stage.moderate("hide", ids[1])
    return slug, ids


def aim(address: dict[str, Any] | None, slug: str, ids: list[str]) -> None:
    """Have half of the requests ask for what there is: by chance, nearly none would."""
    given = (address or {}).get("slug") or (address or {}).get("key")
    if address and isinstance(given, str) and len(given) % 2:
        address.update({"slug": slug} if "slug" in address else {"collection": "articles", "key": slug})
        if str(address.get("id", "")).isdecimal():
            address["id"] = ids[int(address["id"]) % len(ids)]


@pytest.mark.promise(20)
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("label", OPERATIONS)
def test_the_api_keeps_its_word(uvicorn_stage: Stage, api: Any, label: str, who: str) -> None:
    [operation] = [o.ok() for o in api.get_all_operations() if o.ok().label == label]
    slug, ids = article_with_comments(uvicorn_stage)
    headers = {
        "nobody": {},
        "alice": uvicorn_stage.headers("alice"),
        "a forged token": {"Authorization": "Token " + "0" * 40},
    }[who]

    @given(case=operation.as_strategy())
    @effort(examples=15, thorough=500)
    def ask(case: Case) -> None:
        aim(case.path_parameters, slug, ids)
        if case.query and str(case.query.get("wait", "")).isdecimal():
            case.query["wait"] = "0"  # a question that waits is answered as late as it likes
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=90)

    ask()
