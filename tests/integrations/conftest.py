"""A real server on a thread, with arithmetic toys for models and a collection of pictures and texts."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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


@pytest.fixture(scope="session")
def judge() -> ToyReranker:
    """That of every server here, so that one of them can serve many tests."""
    return ToyReranker()


@pytest.fixture
def reranker(judge) -> Iterator[ToyReranker]:
    judge.instructions.clear()
    judge.waiting.clear()
    yield judge
    judge.gate.set()


@contextmanager
def starting(judge: ToyReranker, folder: Path) -> Iterator[Callable[..., str]]:
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def toys(given: Settings) -> Service:
        return toy_service(given, judge)

    def serve(load: Callable[[Settings], Service] = toys, collection: str = COLLECTION, **settings: object) -> str:
        loaded = threading.Event()
        given = Settings(collections=folder / str(len(running)), collection=collection, **settings)
        app = create_app(given, load, lambda _: loaded.set())
        server = uvicorn.Server(uvicorn.Config(app, lifespan="on", access_log=False, log_level="error"))
        bound = listen("127.0.0.1", 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        running.append((server, thread))
        assert loaded.wait(60)
        return url_of(bound)

    yield serve
    judge.gate.set()
    for server, thread in running:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def serve(reranker, tmp_path) -> Iterator[Callable[..., str]]:
    """Starts servers, with toys for models and with settings as given, and ends them with the test; gives the URL."""
    with starting(reranker, tmp_path) as serve:
        yield serve


@pytest.fixture(scope="module")
def shared(judge, tmp_path_factory) -> Iterator[str]:
    """A server whose default collection holds a picture and a text of each colour, and one item that has both."""
    with starting(judge, tmp_path_factory.mktemp("shared")) as serve:
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
        yield url


@pytest.fixture
def url(shared, reranker) -> str:
    return shared


@pytest.fixture
def client(url) -> Iterator[LycheeClient]:
    with LycheeClient(url, retries=0) as client:
        yield client
