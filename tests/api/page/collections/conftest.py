"""The tab's handlers over a service with toy models, with no browser between."""

import asyncio
from types import SimpleNamespace

import gradio as gr
import pytest
from support.toy_service import toy_service

from api.page.collections.tab import CollectionsTab, layout
from api.page.running import Runs
from api.page.shell import Shell
from api.page.visit import Visit
from indexer.record import Record, digest
from indexer.sources import SentFile
from search.settings import Settings

VISIT = Visit("en", "session", "http://127.0.0.1")
READER = Visit("en", "session", "http://127.0.0.1", may_write=False, asks_keys=True)


@pytest.fixture
def service(tmp_path):
    """Its collection `toys` is empty."""
    service = toy_service(Settings(collections=tmp_path / "collections", collection="toys"), None)
    yield service
    service.close()


@pytest.fixture(scope="module")
def loading() -> SimpleNamespace:
    return SimpleNamespace(is_loading=False, service=None)


@pytest.fixture(scope="module")
def runs() -> Runs:
    return Runs(300)


@pytest.fixture(scope="module")
def laid_out(loading, runs) -> CollectionsTab:
    """Made once, for that takes a second; it keeps nothing of its visitors."""
    return asyncio.run(_laid_out(Shell(loading, Settings(), runs)))


async def _laid_out(shell: Shell) -> CollectionsTab:
    """Within an event loop: Gradio makes one of its own where there is none, and leaves it open."""
    with gr.Blocks():
        return layout(shell)


@pytest.fixture
def tab(laid_out, loading, service) -> CollectionsTab:
    loading.service = service
    return laid_out


@pytest.fixture
def fill(service):
    """Items of a text each, in a collection that is made where it is not there."""

    def fill(name: str, ids, **metadata) -> None:
        service.library.create(name)
        records = [Record(each, f"text {each}", None, digest(each, None, {}), metadata) for each in ids]
        service.upsert(name, records)

    return fill


@pytest.fixture
def sent(tmp_path):
    """A file as an upload lies there."""

    def sent(name: str, data: bytes) -> SentFile:
        path = tmp_path / "uploads" / str(len(list(tmp_path.glob("uploads/*")))) / "blob"
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        return SentFile(path, name)

    return sent
