"""/docs, the OpenAPI document, and docs/api.md."""

import re
from html import escape
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.body import JsonRoute
from api.docs.operation import operations
from api.routes import collections, health, items, rerank, search

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def document(client):
    return client.get("/openapi.json").json()


def test_the_start_page_leads_to_the_docs(client):
    home = client.get("/")
    assert home.status_code == 307
    assert home.headers["location"] == "/docs"


def test_the_page_shows_every_route_and_fetches_nothing_from_elsewhere(client, document):
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    for each in operations(document):
        assert each.path in page.text
        assert escape(each.summary) in page.text
    assert not re.findall(r"(?:src|href|action)\s*=\s*['\"]?(?:https?:)?//", page.text)
    assert "@import" not in page.text
    assert "url(" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http://testserver/v1/search" in page.text


def test_every_example_is_answered_by_its_route(client, document):
    client.put("/v1/collections/demo")
    sent = 0
    for each in operations(document):
        if each.example:
            path = each.path.replace("{name}", "demo")
            answer = client.post(path, content=each.example, headers={"Content-Type": "application/json"})
            assert answer.status_code == 200, answer.text
            sent += 1
    assert sent == 4


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
        failures = [answer for answer in each.answers if not answer.status.startswith(("2", "3"))]
        assert "default" in {answer.status for answer in failures}
        assert {field.name for answer in failures for field in answer.fields} <= {
            "error", "error.type", "error.message", "error.param", "request_id",
        }  # fmt: skip


def test_every_field_of_a_request_is_described(document):
    for each in operations(document):
        for field in each.body:
            assert field.description, f"{each.path}: {field.name}"


def test_routes_with_a_body_read_it_by_our_rules():
    routers = (search.router, collections.router, items.router, rerank.router, health.router)
    with_body = [each for router in routers for each in router.routes if isinstance(each, APIRoute) and each.body_field]
    assert len(with_body) == 4
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
