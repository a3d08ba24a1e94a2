"""The app with a page in Gradio's place."""

import time
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from support.guarded import Guarded, add_key
from support.plain_page import plain_page
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, toy_service

from api.app import create_app
from search.settings import Settings


@pytest.fixture
def opened(tmp_path) -> Iterator[Callable[..., TestClient]]:
    """Starts apps with a page, by their settings, and ends them with the test."""
    clients = []

    def opened(build_page=plain_page, **changes) -> TestClient:
        settings = Settings(collections=tmp_path / "collections", collection=COLLECTION, **changes)
        app = create_app(settings, lambda given: toy_service(given, ToyReranker()), build_page=build_page)
        client = TestClient(app, raise_server_exceptions=False, follow_redirects=False, base_url="http://127.0.0.1")
        clients.append(client.__enter__())
        deadline = time.monotonic() + 10
        while app.state.loading.is_loading or "being put" in client.get("/assets/a").text:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        client.cookies.clear()
        return client

    yield opened
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def door(opened, tmp_path) -> Guarded:
    """A page with two keys: one that may only read, and one that may write."""
    file = tmp_path / "keys.json"
    reader, writer = add_key(file, "reader"), add_key(file, "writer", "write")
    return Guarded(opened(keys=file), file, reader, writer)
