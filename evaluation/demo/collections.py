"""The collections that tasks search, each built when first asked for and shared from then on. Knows no figures."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from demo.catalogue import CatalogueItem
from demo.catalogue.vocabulary import Language
from evaluation.demo.pairs import Side, Task
from evaluation.demo.sides import record
from indexer import Collection, Encoder, Ingest
from reranker import Reranker
from search import DeviceWorker, SearchEngine

BATCH = 64


class Collections:
    """Engines over all items, one for each kind of document; use it in a `with` block.

    Items are stored under ids that say nothing: stage 1 orders ties by id, and the catalogue's own ids put an original
    before its near-duplicates. `item_id` gives back whose id it is.
    """

    def __init__(self, items: Sequence[CatalogueItem], encoder: Encoder, reranker: Reranker) -> None:
        self.reranker = reranker
        self._items = items
        self._encoder = encoder
        self._names = {stored_id(item.id): item.id for item in items}
        self._engines: dict[tuple[Side, Language | None], SearchEngine] = {}
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        self._folder = Path(self._exits.enter_context(TemporaryDirectory()))
        self._worker = self._exits.enter_context(closing(DeviceWorker()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exits.close()

    def engine(self, task: Task) -> SearchEngine:
        """The engine over the documents that the task searches."""
        side = task.pair.document
        key = (side, task.language if "T" in side else None)
        if key not in self._engines:
            self._engines[key] = self._build(*key)
        return self._engines[key]

    def item_id(self, stored: str) -> str:
        return self._names[stored]

    def _build(self, side: Side, language: Language | None) -> SearchEngine:
        folder = self._folder / f"{side}-{language}"
        collection = self._exits.enter_context(Collection.create(folder, self._encoder))
        ingest = Ingest(collection, self._encoder)
        for start in range(0, len(self._items), BATCH):
            batch = self._items[start : start + BATCH]
            ingest.upsert([record(item, side, language, stored_id(item.id)) for item in batch])
        return SearchEngine(collection, self._encoder, self.reranker, self._worker)


def stored_id(item_id: str) -> str:
    """The id under which an item is stored."""
    return blake2b(item_id.encode(), digest_size=8).hexdigest()
