"""The app with arithmetic toys for models, in this process."""

import time
from collections.abc import Callable, Iterator

import pytest
import torch
from starlette.testclient import TestClient
from support.toy_reranker import COLOURS, ToyReranker
from support.toy_service import COLLECTION, data_uri, toy_service

from api.app import create_app
from content.errors import NotReady
from reranker.feature_cache import FeatureCache
from reranker.feature_memory import MemoryFeatures
from search.service import Service
from search.settings import Settings

BASE = "http://127.0.0.1"  # a server that listens on loopback answers to no other name


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(collections=tmp_path / "collections", collection=COLLECTION)


@pytest.fixture
def reranker() -> ToyReranker:
    return ToyReranker()


@pytest.fixture
def start() -> Iterator[Callable[..., TestClient]]:
    """Starts apps and ends them with the test; by default waits until the models are there."""
    clients: list[TestClient] = []

    def start(settings: Settings, load: Callable[[Settings], Service], *, wait: bool = True) -> TestClient:
        client = TestClient(
            create_app(settings, load), raise_server_exceptions=False, follow_redirects=False, base_url=BASE
        )
        clients.append(client.__enter__())
        if wait:
            until_loaded(client)
        return client

    yield start
    for client in clients:
        client.__exit__(None, None, None)


def until_loaded(client: TestClient) -> None:
    """Also where /ready tells strangers nothing but whether: asked by no key, it would not say that it still loads."""
    deadline = time.monotonic() + 10
    while "still loading" in str(_why_not(client)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _why_not(client: TestClient) -> NotReady | None:
    try:
        client.app.state.loading.service  # noqa: B018  # what it raises is asked for
    except NotReady as error:
        return error
    return None


@pytest.fixture
def client(start, settings, reranker) -> TestClient:
    """An app that is ready, with an empty default collection."""
    return start(settings, lambda given: toy_service(given, reranker))


@pytest.fixture
def filled(client) -> TestClient:
    """An app whose default collection holds three pictures and three texts."""
    items = [{"id": f"picture/{colour}", "image": data_uri(colour)} for colour in COLOURS]
    items += [
        {"id": "文字/红色", "text": "red mug", "metadata": {"价格": 12.5}},
        {"id": "text-green", "text": "green mug"},
        {"id": "text-blue", "text": "blue bag"},
    ]
    answer = client.post(f"/v1/collections/{COLLECTION}/items", json={"items": items})
    assert answer.status_code == 200, answer.text
    return client


@pytest.fixture(scope="session")
def idle(tmp_path_factory) -> Iterator[TestClient]:
    """One app with an empty collection for all tests whose requests change nothing: starting one takes a while."""
    settings = Settings(collections=tmp_path_factory.mktemp("idle") / "collections", collection=COLLECTION)
    app = create_app(settings, lambda given: toy_service(given, ToyReranker()))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False, base_url=BASE) as client:
        until_loaded(client)
        yield client


@pytest.fixture
def remembering(start, settings, reranker) -> TestClient:
    """An app with a picture cache of one picture, which was asked for before it was there and once again."""
    cache = FeatureCache(MemoryFeatures(10**6))

    def load(given: Settings) -> Service:
        service = toy_service(given, reranker)
        service.picture_cache = cache
        return service

    client = start(settings, load)
    cache.get(b"picture")
    cache.put(b"picture", torch.zeros(10, 4))
    cache.get(b"picture")
    return client
