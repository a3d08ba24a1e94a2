"""Which key each route needs: every route of the app against a table that is written by hand."""

import re

import pytest
from fastapi.routing import iter_route_contexts
from support.guarded import bearer

from api.app import create_app
from search.settings import Settings

ITEM = "/v1/collections/{name}/items/{item_id:path}"
TABLE = {
    "open": {
        ("GET", path)
        for path in ("/", "/docs", "/openapi.json", "/health", "/ready", "/.well-known/ready", "/v1/models")
    },
    "read": {
        ("GET", "/metrics"),
        ("GET", "/meta"),
        ("GET", "/info"),
        ("GET", "/v1/models/{name:path}"),
        ("GET", "/v1/collections"),
        ("GET", "/v1/collections/{name}"),
        ("GET", ITEM),
        ("GET", f"{ITEM}/image"),
        ("POST", "/v1/search"),
        ("POST", "/v1/embeddings"),
        ("POST", "/v1/rerank"),
        ("POST", "/v2/rerank"),
        ("POST", "/rerank"),
        ("POST", "/rerank_batch"),
        ("POST", "/v1/score"),
        ("POST", "/score"),
        ("POST", "/api/predict"),
        ("POST", "/api/predict/"),
        ("POST", "/elasticsearch/rerank"),
    },
    "write": {
        ("POST", "/v1/models/reload"),
        ("POST", "/v1/models/back"),
        ("PUT", "/v1/collections/{name}"),
        ("DELETE", "/v1/collections/{name}"),
        ("POST", "/v1/collections/{name}/items"),
        ("DELETE", ITEM),
    },
}

# The page's, which no table of the app's routes lists.
PAGES = {
    "open": {
        ("GET", path)
        for path in ("/", "/assets/a.js", "/static/a.png", "/theme.css", "/manifest.json", "/favicon.ico", "/login")
    }
    | {("POST", "/login"), ("POST", "/logout")},
    "read": {
        ("GET", "/config"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/app_id"),
        ("GET", "/gradio_api/startup-events"),
        ("GET", "/gradio_api/upload_progress"),
        ("GET", "/gradio_api/queue/data"),
        ("GET", "/gradio_api/heartbeat/x"),
        ("GET", "/gradio_api/call/search/x"),
        ("GET", "/gradio_api/file=/x"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/call/search"),
        ("POST", "/gradio_api/cancel"),
        ("POST", "/gradio_api/reset"),
        ("POST", "/gradio_api/mcp/"),
    },
    "write": {
        ("POST", "/gradio_api/component_server"),
        ("GET", "/gradio_api/proxy=http://x"),
        ("DELETE", "/gradio_api/upload"),
        ("PUT", "/gradio_api/queue/join"),
        ("POST", "/"),
    },
}

ODD_PATHS = [
    "//v1/collections",
    "/health/../v1/collections",
    "/docs/../v1/collections",
    "/%76%31/collections",
    "/v1/collections?a=/health",
    "/v1/collections/",
    "/V1/collections",
    "/health;/v1/collections",
    "/health%00",
]


def routes() -> set[tuple[str, str]]:
    contexts = iter_route_contexts(create_app(Settings()).routes)
    return {(method, each.path) for each in contexts for method in each.methods} - {("HEAD", "/openapi.json")}


def call(guarded, method, path, secret=None):
    url = re.sub(r"\{\w+(:path)?\}", "x", path)
    return guarded.client.request(method, url, headers={} if secret is None else bearer(secret)).status_code


def test_every_route_is_in_the_table():
    assert routes() <= set.union(*TABLE.values()), "say which key a new route needs, here and in api/guards/scopes.py"


def test_every_route_takes_the_keys_that_the_table_says_and_no_others(guarded):
    told = {
        (method, path): (
            call(guarded, method, path),
            call(guarded, method, path, guarded.reader),
            call(guarded, method, path, guarded.writer),
        )
        for method, path in routes()
    }
    refused = {route: tuple(status in (401, 403) and status for status in answers) for route, answers in told.items()}
    expected = {"open": (False, False, False), "read": (401, False, False), "write": (401, 403, False)}
    assert refused == {route: expected[scope] for scope, table in TABLE.items() for route in table if route in refused}
    assert {*expected.values()} == {*refused.values()}


@pytest.mark.parametrize("needed", PAGES)
def test_the_pages_paths_take_the_keys_that_the_table_says(guarded, needed):
    for method, path in PAGES[needed]:
        asked = [call(guarded, method, path, secret) for secret in (None, guarded.reader, guarded.writer)]
        refused = tuple(status in (401, 403) and status for status in asked)
        assert refused == {"open": (False,) * 3, "read": (401, False, False), "write": (401, 403, False)}[needed], path


def test_what_is_no_route_needs_a_key_that_may_write(guarded):
    for method, path in [("GET", "/v1/nothing"), ("POST", "/health"), ("POST", "/"), ("OPTIONS", "/v1/search")]:
        assert call(guarded, method, path) == 401
        assert call(guarded, method, path, guarded.reader) == 403
        assert call(guarded, method, path, guarded.writer) in (404, 405)


def test_no_way_of_writing_a_path_leads_past_the_guard(guarded):
    for path in ODD_PATHS:
        url = guarded.client.base_url.copy_with(raw_path=path.encode())
        assert guarded.client.get(url).status_code == 401, path
