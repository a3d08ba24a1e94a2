"""schemathesis over our own OpenAPI document: no 5xx, and every answer is one that the document tells of. A few cases
of each route with every run; `SCHEMA_CASES=2000` for a long one."""

import os
import time

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from starlette.testclient import TestClient
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, toy_service

from api.app import create_app
from api.dependencies import TIMEOUT_HEADER
from search.settings import Settings

CASES = int(os.environ.get("SCHEMA_CASES", "12"))
SETTINGS = Settings(collection=COLLECTION, allowed_hosts="*")
OPERATIONS = [
    (method, path, mode)
    for path, methods in create_app(SETTINGS).openapi()["paths"].items()
    for method, operation in methods.items()
    for mode in GenerationMode
    if mode.is_positive or "requestBody" in operation  # any string is a name in a path, so there is no wrong one
]
# What no schema says of a body or a path that fits it: a text of blanks only, an image that is no base64 (400), no
# picture (415) or too large (413), a name that no collection can have, a field of a filter that nobody compares.
ACCEPTED = ["2xx", "3xx", "400", "401", "403", "404", "409", "413", "415", "429"]
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        "operations": [
            {  # nor that a conversation to embed has one message, and that of its user
                "include-path": "/v1/embeddings",
                "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "422"]}},
            }
        ],
    }
)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    given = SETTINGS.model_copy(update={"collections": tmp_path_factory.mktemp("schema") / "collections"})
    app = create_app(given, lambda given: toy_service(given, ToyReranker()))
    with TestClient(app, "http://127.0.0.1") as client:
        while "still loading" in client.get("/ready").text:
            time.sleep(0.01)
        yield client


@pytest.fixture(scope="module")
def document(client):
    async def requests_only(scope, receive, send):
        """schemathesis would start and end the app with every case."""
        if scope["type"] == "http":
            await client.app(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})

    return schemathesis.openapi.from_asgi("/openapi.json", requests_only, config=CONFIG)


@pytest.fixture
def api(client, document):
    """With the default collection, which cases of another route may have dropped."""
    client.put(f"/v1/collections/{COLLECTION}")
    return document


@pytest.mark.parametrize(("method", "path", "mode"), OPERATIONS, ids=lambda part: getattr(part, "value", part))
def test_every_answer_fits_the_document(api, method, path, mode):
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case):
        if mode.is_positive:
            case.body = with_whole_numbers(case.body)
            case.headers.pop(TIMEOUT_HEADER, None)  # 504 would be right for most that fit
        case.call_and_validate()

    answers()


def with_whole_numbers(value):
    """To a JSON schema 71.0 is an integer. To us it is not, and the message says so: most likely it is a mistake."""
    if isinstance(value, dict):
        return {key: with_whole_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_whole_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
