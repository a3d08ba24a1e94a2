"""A real server on a thread, with arithmetic toys for models and a collection of pictures and texts."""

import os
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from support.toy_reranker import COLOURS, ToyReranker
from support.toy_service import COLLECTION, picture, toy_service

from api.app import create_app
from api.server import listen, url_of
from clients import Item, LycheeClient
from search.service import Service
from search.settings import Settings


def pytest_configure() -> None:
    """Before any framework is imported, for that is when they read it."""
    os.environ.update(HAYSTACK_TELEMETRY_ENABLED="False", LANGSMITH_TRACING="false", DO_NOT_TRACK="1")


@pytest.fixture
def reranker() -> ToyReranker:
    return ToyReranker()


@pytest.fixture
def serve(reranker, tmp_path) -> Iterator[Callable[..., str]]:
    """Starts servers, with toys for models and with settings as given, and ends them with the test; gives the URL."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def toys(given: Settings) -> Service:
        return toy_service(given, reranker)

    def serve(load: Callable[[Settings], Service] = toys, collection: str = COLLECTION, **settings: object) -> str:
        loaded = threading.Event()
        folder = tmp_path / f"collections-{len(running)}"
        app = create_app(Settings(collections=folder, collection=collection, **settings), load, lambda _: loaded.set())
        server = uvicorn.Server(uvicorn.Config(app, lifespan="on", access_log=False, log_level="error"))
        bound = listen("127.0.0.1", 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        running.append((server, thread))
        assert loaded.wait(60)
        return url_of(bound)

    yield serve
    reranker.gate.set()
    for server, thread in running:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def url(serve) -> str:
    """A server whose default collection holds a picture and a text of each colour, and one item that has both."""
    url = serve()
    with LycheeClient(url) as client:
        client.upsert(COLLECTION, [Item(f"pictures/{colour}", image=picture(colour)) for colour in COLOURS])
        client.upsert(
            COLLECTION,
            [
                Item("texts/red", "red mug", metadata={"price": 12.5}),
                Item("texts/green", "green mug", metadata={"price": 3}),
                Item("texts/blue", "blue bag", metadata={"price": 40}),
                Item("both", "striped mug", picture("blue")),
            ],
        )
    return url


@pytest.fixture
def client(url) -> Iterator[LycheeClient]:
    with LycheeClient(url, retries=0) as client:
        yield client
