"""Everything that a running server does, as plain calls on plain values. Knows nothing of HTTP."""

from collections.abc import Sequence

from content import Content, Document
from indexer.protocols import Encoder
from reranker.protocol import Reranker
from search.engine import SearchEngine
from search.library import Library
from search.settings import Settings
from search.worker import DeviceWorker


class Service:
    """The models, the worker that owns their device, and the collections; safe to use from several threads."""

    def __init__(
        self, settings: Settings, encoder: Encoder, reranker: Reranker | None, library: Library, worker: DeviceWorker
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self.reranker = reranker
        self.library = library
        self.worker = worker

    def engine(self, name: str | None = None) -> SearchEngine:
        """The engine of a collection, the default one for None. Raises NotFound, InvalidInput, EncoderMismatch."""

    def rerank(
        self,
        query: str | Content,
        documents: Sequence[Document],
        *,
        instruction: str | None = None,
        score_threshold: float | None = None,
        top_k: int | None = None,
    ):  # -> what reranker.ranking.rank returns
        """Judges the documents. Raises InvalidInput for an empty query; NotReady when stage 2 is switched off."""

    def upsert(self, name: str, records) -> None:
        """Encodes and stores records, all or none. Raises NotFound and what Collection.upsert raises."""

    def drop(self, name: str) -> None:
        """Drops the collection and its engine. Raises NotFound."""

    def close(self) -> None:
        """Closes worker and collections."""
