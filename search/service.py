"""Everything that a running server does, as plain calls on plain values. Knows nothing of HTTP."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from content import Content, Document
from content.errors import NotReady
from indexer.ingest import Ingest
from indexer.pictures import PictureReader
from indexer.protocols import Encoder
from indexer.record import Record
from reranker.display import Display, Normalize, Scale
from reranker.instructions import resolve
from reranker.protocol import Reranker
from reranker.ranking import Ranking, check_cuts, raise_first_error, rank
from search.engine import SearchEngine
from search.library import Library
from search.patience import Patience
from search.query import checked_query
from search.settings import Settings
from search.shared_encoder import SharedEncoder
from search.stage2 import judge
from search.worker import DeviceWorker

if TYPE_CHECKING:
    from reranker.feature_cache import FeatureCache  # costs torch

Given = TypeVar("Given")


class Service:
    """The models, the worker that owns their device, and the collections; safe to use from several threads.

    picture_cache: the one that the reranker keeps what it saw in; None where it keeps nothing.
    """

    def __init__(
        self,
        settings: Settings,
        encoder: Encoder,
        reranker: Reranker | None,
        library: Library,
        worker: DeviceWorker,
        picture_cache: "FeatureCache | None" = None,
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self.reranker = reranker
        self.library = library
        self.worker = worker
        self.picture_cache = picture_cache
        self._pictures = PictureReader(settings.image_limits)  # one for all uploads: it bounds the memory of decoding

    def engine(self, name: str | None = None) -> SearchEngine:
        """The engine of a collection; None means the default one. Raises InvalidInput, NotFound, EncoderMismatch."""
        collection = self.library.open(self.settings.collection if name is None else name)
        return SearchEngine(collection, self.encoder, self.reranker, self.worker)

    def rerank(
        self,
        query: str | Content,
        documents: Sequence[Given],
        read: Callable[[Sequence[Given]], Sequence[Document]],
        *,
        instruction: str | None = None,
        score_threshold: float | None = None,
        top_k: int | None = None,
        scale: Scale = 1,
        normalize: Normalize | None = None,
        raise_on_error: bool = False,
        patience: Patience | None = None,
    ) -> Ranking:
        """The documents in stage 2's order, as `reranker.ranking.rank` gives them.

        documents: in whatever form the caller has them. read: makes some of them readable; it is called for a few at a
        time on several threads, so that never all pictures are decoded at once.
        scale, normalize: how the scores are shown, as in `Display`. raise_on_error: raises InvalidInput, `param`
        `documents[i]`, for the first document that cannot be judged, instead of putting it last.
        patience: as in `SearchEngine.search`.
        Raises InvalidInput for an empty query and values out of range, NotReady when stage 2 is switched off, and Busy,
        DeadlineExceeded and Cancelled as `SearchEngine.search` does.
        """
        content = checked_query(query)
        check_cuts(score_threshold, top_k)
        display = Display(scale, normalize)
        if self.reranker is None:
            raise NotReady("stage 2 is switched off here (the setting reranker is none), so nothing can be reranked")
        task = resolve(instruction, content)
        with self.worker.lane(patience) as lane:
            judgements = judge(lane, self.reranker, task, content, documents, read)
        if raise_on_error:
            raise_first_error(judgements)
        return rank(judgements, score_threshold=score_threshold, top_k=top_k, display=display)

    def upsert(self, name: str, records: Sequence[Record], *, patience: Patience | None = None) -> None:
        """Encodes and stores the records, all or none; durable when this returns.

        Raises as `Ingest.upsert` does; Busy, DeadlineExceeded and Cancelled, as `rerank` does, with nothing stored.
        """
        collection = self.library.open(name)
        with self.worker.lane(patience) as lane:
            encoder = SharedEncoder(self.encoder, lane, self.settings.encoder_batch_size)
            Ingest(collection, encoder, self._pictures).upsert(records)

    def close(self) -> None:
        """Closes worker, collections and picture cache. Calls that are waiting for the device fail with NotReady."""
        self.worker.close()
        self.library.close()
        if self.picture_cache is not None:
            self.picture_cache.close()
