"""A real server with toy models that is made to be killed: forked from a process that has imported all, so that a round
costs no start."""

from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, toy_service

from api.app import create_app
from api.server import listen, run, url_of
from search.settings import Settings

EXACT_UP_TO = 300  # so small that bases are built under way


def serve(folder: str, url: Connection) -> None:
    """Serves the collections in `folder` until it is killed, and sends its URL first."""
    settings = Settings(collections=Path(folder), collection=COLLECTION, index_exact_up_to=EXACT_UP_TO)
    bound = listen("127.0.0.1", 0)
    url.send(url_of(bound))
    app = create_app(settings, lambda given: toy_service(given, ToyReranker()))
    run(app, bound, app.state.loading.give_up, grace=1)


def forking():
    """Where to fork servers from."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["support.crash_server"])
    return context
