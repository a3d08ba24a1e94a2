"""The tab's handlers over a service with toy models, with no browser between."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace

import gradio as gr
import pytest
from support.toy_service import toy_service

from api.page.rerank.files import Uploaded
from api.page.rerank.run import Reranking
from api.page.rerank.tab import outcome
from api.page.running import Runs
from api.page.shell import Shell
from api.page.visit import Visit
from search.service import Service
from search.settings import Settings


class Tab:
    """A visitor's tab: its form as keywords, and what came of pressing the button."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.visit = Visit("en", "session", "http://127.0.0.1")
        shell = Shell(SimpleNamespace(is_loading=False, service=service), service.settings, Runs(0))
        self.handlers: Reranking = asyncio.run(_drawn(shell))
        self.state = None

    def begin(
        self,
        query="red mug",
        lines="",
        files=(),
        *,
        picture=None,
        split="line",
        instruction=None,
        threshold=0.0,
        top_k=2,
    ) -> Iterator[dict]:
        return self.handlers.rerank(
            self.visit, instruction, query, picture, lines, split, list(files), threshold, top_k, self.state
        )

    def rerank(self, *form, **more) -> str:
        """The result as HTML."""
        for updates in self.begin(*form, **more):
            self.state = updates.get(self.handlers.state, self.state)
            last = updates
        self.last = last
        return last[self.handlers.result]

    def cut(self, threshold=0.0, top_k=1000) -> str:
        (updates,) = self.handlers.cut(self.visit, threshold, top_k, self.state)
        self.last = updates
        return updates[self.handlers.result]

    def take(self, act: str, threshold=0.0, top_k=1000) -> dict:
        (updates,) = self.handlers.take(self.visit, act, "", threshold, top_k, self.state)
        return updates[self.handlers.courier]


async def _drawn(shell: Shell) -> Reranking:
    """Within an event loop: Gradio makes one of its own where there is none, and leaves it open."""
    with gr.Blocks():
        return outcome(shell, gr.Button())


@pytest.fixture
def upload(tmp_path):
    """Writes a file as an upload lies there."""

    def upload(name: str, data: bytes | str) -> Uploaded:
        path = tmp_path / "uploads" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return Uploaded(str(path), name)

    return upload


@pytest.fixture
def open_tab(reranker, tmp_path):
    """Opens the tab of a server with these settings."""
    services: list[Service] = []

    def open_tab(judge=reranker, **settings) -> Tab:
        settings = Settings(collections=tmp_path / "collections", collection="toys", **settings)
        services.append(toy_service(settings, judge))
        return Tab(services[-1])

    yield open_tab
    for service in services:
        service.close()


@pytest.fixture
def tab(open_tab) -> Tab:
    return open_tab()
