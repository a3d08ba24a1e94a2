"""The tab's handlers over a service with toy models, with no browser between."""

import asyncio
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import gradio as gr
import pytest
from support.toy_service import COLLECTION, picture, toy_service

from api.page.running import Runs
from api.page.search.choosing import Choosing
from api.page.search.run import Parts, Searching
from api.page.shell import Shell
from api.page.visit import Visit
from indexer.record import Record, digest
from search.service import Service
from search.settings import Settings

COLOURS = ("red", "green", "blue")
TEXTS = {"mug": "red mug", "green-mug": "green mug", "bag": "blue bag"}


def record(item_id: str, text: str | None = None, image: bytes | None = None, **metadata) -> Record:
    return Record(item_id, text, image, digest(text, image, metadata), metadata)


class SearchTab:
    """A visitor's tab: its form as keywords, what its parts show, and what came of pressing something."""

    def __init__(self, service: Service, language: str = "en", session: str = "session") -> None:
        self.service = service
        self.visit = Visit(language, session, "http://127.0.0.1")
        self.loading = SimpleNamespace(is_loading=False, service=service)
        shell = Shell(self.loading, service.settings, Runs(service.settings.request_timeout_s))
        self.handlers, self.choosing = asyncio.run(_drawn(shell))
        self.shown: dict = {}

    @property
    def parts(self) -> Parts:
        return self.handlers.parts

    def form(
        self,
        text="",
        *,
        picture=None,
        target="any",
        collection=None,
        candidates=100,
        top_k=10,
        threshold=0,
        filter_="",
        instruction="",
        rerank=True,
    ) -> tuple[object, ...]:
        like = self.shown.get(self.parts.like)
        return (
            text, picture, like, target, collection, candidates, top_k, threshold, filter_, instruction, rerank,
        )  # fmt: skip

    def search(self, *text, **form) -> Iterator[dict]:
        """As it is watched."""
        return self.watched(self.handlers.search(self.visit, *self.form(*text, **form)))

    def found(self, *text, **form) -> list[str]:
        """The ids that are shown in the end."""
        list(self.search(*text, **form))
        return self.ids()

    def watched(self, updates: Iterator[dict]) -> Iterator[dict]:
        for each in updates:
            self.shown.update(each)
            yield each

    def press(self, act: str, key: str, **form) -> list[str]:
        """A button of a hit."""
        found = self.shown.get(self.parts.found)
        list(self.watched(self.handlers.more(self.visit, act, key, found, *self.form(**form))))
        return self.ids()

    def cut(self, top_k=10, threshold=0) -> list[str]:
        found = self.shown.get(self.parts.found)
        list(self.watched(self.handlers.cut(self.visit, top_k, threshold, found)))
        return self.ids()

    def ids(self) -> list[str]:
        return [card["key"] for card in self.shown[self.parts.hits]]

    def card(self, item_id: str) -> dict[str, str]:
        return next(card for card in self.shown[self.parts.hits] if card["key"] == item_id)

    def state(self) -> str:
        return self.shown[self.parts.state]


async def _drawn(shell: Shell) -> tuple[Searching, Choosing]:
    """Within an event loop: Gradio makes one of its own where there is none, and leaves it open."""
    with gr.Blocks():
        parts = Parts(
            text=gr.Textbox(), picture=gr.Image(), like=gr.State(), chip=gr.HTML(), stop=gr.Button(), state=gr.HTML(),
            hits=gr.HTML(), code=gr.HTML(), found=gr.State(),
        )  # fmt: skip
        choosing = Choosing(shell, gr.Dropdown(), gr.HTML(), gr.Textbox(), gr.HTML(), gr.Timer(1, active=False))
        return Searching(shell, parts), choosing


@pytest.fixture
def open_tab(reranker, tmp_path) -> Iterator[Callable[..., SearchTab]]:
    """Opens the tab of a server with three pictures and three texts; other services as they are."""
    services: list[Service] = []

    def open_tab(judge=reranker, *, fill=True, language="en", **settings) -> SearchTab:
        settings = Settings(collections=tmp_path / "collections", collection=COLLECTION, **settings)
        services.append(toy_service(settings, judge))
        if fill:
            records = [record(colour, image=picture(colour), price=len(colour)) for colour in COLOURS]
            services[-1].upsert(COLLECTION, records + [record(name, text) for name, text in TEXTS.items()])
        return SearchTab(services[-1], language)

    yield open_tab
    for service in services:
        service.close()


@pytest.fixture
def tab(open_tab) -> SearchTab:
    return open_tab()
