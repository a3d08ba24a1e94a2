"""/docs, the OpenAPI document, and docs/api.md."""

import json
import re
from html import escape
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel
from support.api_guide import examples, send
from support.toy_service import data_uri, toy_service

from api.body import JsonRoute
from api.dialects import openai
from api.docs.operation import operations
from api.errors import TABLE
from api.routes import collections, health, items, models, rerank, score, search
from reranker.feature_cache import FeatureCache
from reranker.feature_memory import MemoryFeatures

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def document(idle):
    return idle.get("/openapi.json").json()


def test_the_start_page_leads_to_the_docs(idle):
    home = idle.get("/")
    assert home.status_code == 307
    assert home.headers["location"] == "/docs"


def test_the_page_shows_every_route_and_fetches_nothing_from_elsewhere(idle, document):
    page = idle.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    for each in operations(document):
        assert each.path in page.text
        assert escape(each.summary) in page.text
    assert not re.findall(r"(?:src|href|action)\s*=\s*['\"]?(?:https?:)?//", page.text)
    assert "@import" not in page.text
    assert "url(" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert f"{idle.base_url}/v1/search" in page.text


def test_every_example_is_answered_by_its_route(client, document):
    client.put("/v1/collections/demo")
    sent = 0
    for each in operations(document):
        if each.example:
            path = each.path.replace("{name}", "demo")
            answer = client.post(path, json=each.example)
            assert answer.status_code == 200, answer.text
            sent += 1
    assert sent == 12


def test_the_document_is_whole(document):
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    used = set(re.findall(r"#/components/schemas/([A-Za-z]+)", str(document)))
    assert used <= set(schemas)
    assert "HTTPValidationError" not in used
    ids = [each.id for each in operations(document)]
    assert len(ids) == len(set(ids))
    for each in operations(document):
        assert each.summary
        assert each.description
        assert "Successful Response" not in {answer.description for answer in each.answers}
        failures = [answer for answer in each.answers if not answer.status.startswith(("2", "3"))]
        assert "default" in {answer.status for answer in failures}
        assert {field.name for answer in failures for field in answer.fields} <= {
            "error", "error.type", "error.message", "error.param", "request_id",
            "error.code", "message", "detail", "error_type",  # of the dialects
        }  # fmt: skip


def test_every_field_of_a_request_is_described(document):
    for each in operations(document):
        for field in each.body:
            assert field.description, f"{each.path}: {field.name}"


def test_routes_with_a_body_read_it_by_our_rules():
    routers = (
        search.router,
        collections.router,
        items.router,
        rerank.router,
        score.router,
        models.router,
        openai.router,
        health.router,
    )
    with_body = [each for router in routers for each in router.routes if isinstance(each, APIRoute) and each.body_field]
    assert len(with_body) == 13
    for route in with_body:
        assert isinstance(route, JsonRoute)
        assert issubclass(route.body_field.field_info.annotation, BaseModel)


def test_the_guide_names_every_route(document):
    guide = GUIDE.read_text(encoding="utf-8")
    for each in operations(document):
        assert f"`{each.method} {each.path}`" in guide


def test_the_guide_names_no_route_that_is_not_there(document):
    guide = GUIDE.read_text(encoding="utf-8")
    there = {f"{each.method} {each.path}" for each in operations(document)}
    assert set(re.findall(r"`((?:GET|PUT|POST|DELETE) /[^`]*)`", guide)) <= there | {"GET /docs", "GET /"}


def shape(value, key=""):
    """What an answer is made of, without its values; metadata is the user's own."""
    if isinstance(value, dict) and key != "metadata":
        return {name: shape(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0], key)] if value else []
    return type(value).__name__ if isinstance(value, bool | int | float | dict) else "text or null"


def test_the_answers_in_the_guide_are_what_the_server_answers(start, settings, reranker):
    def load(given):
        service = toy_service(given, reranker)
        service.picture_cache = FeatureCache(MemoryFeatures(0))
        return service

    client = start(settings.model_copy(update={"collection": "demo"}), load)
    items = [{"id": name, "image": data_uri(name), "metadata": {"a": 1}} for name in ("red", "blue")]
    client.post("/v1/collections/demo/items", json={"items": items})
    told = examples(GUIDE.read_text(encoding="utf-8"))
    for example in told:
        answer = send(client, example)
        if answer.headers["content-type"] != "application/json":
            assert example.answer == f"{answer.status_code} {answer.headers['content-type']}\n"
            continue
        expected = json.loads(example.answer)
        if "error" in expected:
            assert answer.json()["error"] == expected["error"]
        got, wanted = shape(answer.json()), shape(expected)
        if isinstance(got, dict):
            assert got.pop("warnings", None) is None or "warnings" in expected
            wanted.pop("warnings", None)
        assert got == wanted, example.path
    assert len(told) == 21


def test_the_guide_names_every_field_of_a_search(document):
    guide = GUIDE.read_text(encoding="utf-8")
    fields = next(each for each in operations(document) if each.id == "search").body
    assert all(f"| `{field.name}` |" in guide for field in fields if "." not in field.name)


def test_the_guide_names_every_type_of_error():
    guide = GUIDE.read_text(encoding="utf-8")
    assert all(f"`{type_}`" in guide for _, type_ in TABLE.values())
