"""Whatever fails, on whatever dialect's path, the error has the form that its clients read."""

import pytest
from support.toy_service import toy_service

from api.app import create_app

JSON = {"Content-Type": "application/json"}
RERANK = {"error", "message", "detail", "request_id"}
OPENAI = {"error", "request_id"}
TEXT = {"error"}
PATHS = {
    "/v1/rerank": RERANK,
    "/v2/rerank": RERANK,
    "/rerank": RERANK,
    "/v1/score": OPENAI,
    "/score": OPENAI,
    "/elasticsearch/rerank": TEXT,
    "/api/predict": TEXT,
    "/api/predict/": TEXT,
}


@pytest.fixture
def small(start, settings, reranker):
    settings = settings.model_copy(update={"max_body_bytes": 500})
    return start(settings, lambda given: toy_service(given, reranker))


@pytest.mark.parametrize(("path", "fields"), PATHS.items())
def test_an_error_before_the_body_is_understood(small, path, fields):
    answers = [
        small.post(path, content=b"{", headers=JSON),
        small.post(path, content=b"", headers=JSON),
        small.post(path, content=b"null", headers=JSON),
        small.post(path, content=b"[1]", headers=JSON),
        small.post(path, content=b'"query"', headers=JSON),
        small.post(path, content=b'{"a": 1}', headers={"Content-Type": "text/plain"}),
        small.post(path, content=b" " * 501, headers=JSON),
        small.get(path),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 422, 422, 422, 415, 413, 405]
    for answer in answers:
        assert set(answer.json()) == fields
    assert answers[-1].headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"query": "a", "documents": ["b"]}, RERANK),
        ({"query": "a", "texts": ["b"]}, {"error", "error_type"}),
        ({"query": "a", "documents": ["b"], "property": ""}, TEXT),
    ],
)
def test_a_server_that_is_busy_says_so_in_the_form_of_the_body(start, settings, reranker, body, fields):
    client = start(settings.model_copy(update={"max_requests": 1}), lambda given: toy_service(given, reranker))
    service = client.app.state.loading.service
    with service.worker.lane(None):
        answer = client.post("/rerank", json=body)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert set(answer.json()) == fields
    assert client.post("/rerank", json=body).status_code == 200


def test_the_forms_are_told_in_the_openapi_document(settings):
    paths = create_app(settings).openapi()["paths"]
    models = {"/rerank": 3, "/score": 1, "/elasticsearch/rerank": 1, "/api/predict": 1}
    for path, count in models.items():
        for status, told in paths[path]["post"]["responses"].items():
            if status != "200":
                schema = told["content"]["application/json"]["schema"]
                assert len(schema.get("anyOf", [schema])) == count, (path, status)
                assert "ErrorBody'" in str(schema)
                assert "/ErrorBody'" not in str(schema), (path, status)
