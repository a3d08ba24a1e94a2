"""Pages in browsers: none by default, and those of listed origins."""

import pytest
from support.guarded import bearer
from support.toy_service import toy_service

ORIGIN = {"Origin": "https://shop.example"}
ASKING = {**ORIGIN, "Access-Control-Request-Method": "POST"}


@pytest.fixture
def shop(start, keyed, guarded, reranker):
    settings = keyed.model_copy(update={"cors_origins": "https://other.example, https://shop.example"})
    return start(settings, lambda given: toy_service(given, reranker), wait=False)


def test_it_is_off_by_default(guarded):
    answer = guarded.client.get("/health", headers=ORIGIN)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert guarded.client.options("/v1/search", headers=ASKING).status_code == 401


def test_the_preflight_needs_no_key_and_allows_to_send_one(shop):
    sent = {"authorization", "x-api-key", "api-key", "content-type", "x-request-id", "x-request-timeout"}
    wanted = {"Access-Control-Request-Headers": ",".join(sent)}
    answer = shop.options("/v1/search", headers={**ASKING, **wanted})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert sent <= {each.strip().lower() for each in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_can_read_answers_and_refusals(shop, guarded):
    for headers, status in ((bearer(guarded.reader), 200), ({}, 401)):
        answer = shop.get("/v1/collections", headers={**ORIGIN, **headers})
        assert answer.status_code in (status, 503)
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


def test_another_origin_is_not_allowed(shop):
    answer = shop.options("/v1/search", headers={**ASKING, "Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert "Access-Control-Allow-Origin" not in answer.headers
