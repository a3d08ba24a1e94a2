"""A small collection and an engine over it."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from support.table_reranker import TableReranker, add_texts
from support.toy_encoder import ToyEncoder

from indexer.collection import Collection
from search.engine import SearchEngine
from search.worker import DeviceWorker


@pytest.fixture
def encoder() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def worker() -> Iterator[DeviceWorker]:
    worker = DeviceWorker()
    yield worker
    worker.close()


@pytest.fixture
def collection(tmp_path, encoder) -> Iterator[Collection]:
    """Stage 1 orders them for "red mug": c (no other word), a (one more word), b (one of the two words), d."""
    with Collection.create(tmp_path / "collections" / "toys", encoder) as collection:
        add_texts(collection, encoder, {"a": "red mug shop", "b": "red", "c": "red mug", "d": "blue"})
        yield collection


@pytest.fixture
def make_engine(collection, encoder, worker) -> Callable[..., SearchEngine]:
    def make_engine(table: Mapping[str, float] | None = None) -> SearchEngine:
        reranker = None if table is None else TableReranker(table)
        return SearchEngine(collection, encoder, reranker, worker)

    return make_engine
