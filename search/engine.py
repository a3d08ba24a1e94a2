"""One collection searched in two stages: recall, then judge. Knows nothing of settings, of HTTP or of which models it has."""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from content import Content
from content.errors import InvalidInput
from indexer.collection import Collection
from indexer.item import Item
from indexer.protocols import Encoder
from reranker.protocol import Judgement, Reranker
from reranker.ranking import rank
from retriever.candidate import Candidate, Target
from retriever.retriever import Retriever, check_recall
from search.answer import Answer, Hit, Retrieval, Timings
from search.judging import judge
from search.worker import DeviceWorker


class SearchEngine:
    """The two stages over one collection; safe to use from several threads.

    collection, encoder, reranker and worker stay the caller's: he closes them. `reranker` None leaves stage 2 out.
    """

    def __init__(
        self, collection: Collection, encoder: Encoder, reranker: Reranker | None, worker: DeviceWorker
    ) -> None:
        self.collection = collection
        self._encoder = encoder
        self._reranker = reranker
        self._worker = worker
        self._retriever = Retriever(collection, encoder)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        encoder: str | None = None,
        reranker: str = "demo",
        device: str = "auto",
        dtype: str = "auto",
    ) -> Self:
        """An engine with models of its own.

        encoder, reranker, device, dtype: as in the settings of these names; encoder None takes the one that the
        collection was made with, reranker "none" leaves stage 2 out.
        Raises NotFound when there is no collection in `folder`, EncoderMismatch when another encoder made it, ModelError
        when a model cannot be loaded.
        """

    def search(
        self,
        query: str | Content,
        *,
        target: Target = "any",
        candidates: int = 100,
        top_k: int = 10,
        score_threshold: float | None = None,
        instruction: str | None = None,
        rerank: bool = True,
    ) -> Answer:
        """The best `top_k` (1 to 1000) of `candidates` (1 to 1000) recalled items.

        target: search pictures, texts or both. instruction: the task in the user's words; None takes the default for
        this kind of query. score_threshold: hits with a P(yes) below it, in [0, 1], are left out. rerank: False answers
        with stage 1's order and scores, to which neither instruction nor threshold apply.
        Raises InvalidInput, with `param` naming the argument, for an empty query and for values out of range.
        """
