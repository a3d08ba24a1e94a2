"""Everything that a running server does, as plain calls on plain values. Knows nothing of HTTP."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from content.errors import InvalidInput, NotReady
from content.sources import ImageSource
from indexer.ingest import Ingest
from indexer.pictures import PictureReader
from indexer.protocols import Encoder, Vectors
from indexer.record import Record
from reranker.display import Display, Normalize, Scale
from reranker.instructions import resolve
from reranker.protocol import Judgement, Reranker
from reranker.ranking import Ranking, check_cuts, raise_first_error, rank
from search.engine import SearchEngine
from search.intake import Intake, Source, TextLimits
from search.library import Library
from search.observer import NobodyWatches, Observer
from search.patience import Patience
from search.query import checked_query
from search.settings import Settings
from search.shared_encoder import SharedEncoder
from search.stage2 import judge
from search.worker import DeviceWorker

if TYPE_CHECKING:
    from reranker.feature_cache import FeatureCache  # costs torch


class Service:
    """The models, the worker that owns their device, and the collections; safe to use from several threads.

    picture_cache: the one that the reranker keeps what it saw in; None where it keeps nothing. images: fetches pictures
    by URL; None fetches none. observer: told how the stages of requests went.
    """

    def __init__(
        self,
        settings: Settings,
        encoder: Encoder,
        reranker: Reranker | None,
        library: Library,
        worker: DeviceWorker,
        picture_cache: "FeatureCache | None" = None,
        images: ImageSource | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self.reranker = reranker
        self.library = library
        self.worker = worker
        self.picture_cache = picture_cache
        self.observer = observer or NobodyWatches()
        self.intake = Intake(
            library,
            settings.collection,
            images=images,
            image_limits=settings.image_limits,
            text_limits=TextLimits(settings.max_query_characters, settings.max_text_characters),
        )
        self._pictures = PictureReader(settings.image_limits)  # one for all uploads: it bounds the memory of decoding

    def engine(self, name: str | None = None) -> SearchEngine:
        """The engine of a collection; None means the default one. Raises InvalidInput, NotFound, EncoderMismatch."""
        collection = self.library.open(self.settings.collection if name is None else name)
        return SearchEngine(collection, self.encoder, self.reranker, self.worker, observer=self.observer)

    def rerank(
        self,
        query: Source,
        documents: Sequence[Source],
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

        scale, normalize: how the scores are shown, as in `Display`. raise_on_error: raises InvalidInput, `param`
        `documents[i]`, for the first document that cannot be judged, instead of putting it last.
        patience: as in `SearchEngine.search`.
        Raises as `Intake.query` does for the query, InvalidInput for values out of range, NotReady when stage 2 is
        switched off, and Busy, DeadlineExceeded and Cancelled as `SearchEngine.search` does.
        """
        check_cuts(score_threshold, top_k)
        display = Display(scale, normalize)
        (judgements,) = self.judge([(query, documents)], instruction=instruction, patience=patience)
        if raise_on_error:
            raise_first_error(judgements)
        return rank(judgements, score_threshold=score_threshold, top_k=top_k, display=display)

    def judge(
        self,
        asked: Sequence[tuple[Source, Sequence[Source]]],
        *,
        instruction: str | None = None,
        query_param: Callable[[int], str] = lambda place: "query",
        patience: Patience | None = None,
    ) -> list[list[Judgement]]:
        """For each query its judgements, one per document, in the order of the input.

        query_param: the field that the query at a place stood in. Otherwise as `rerank`.
        """
        if self.reranker is None:
            raise NotReady("stage 2 is switched off here (the setting reranker is none), so nothing can be reranked")
        queries = [
            checked_query(self.intake.query(query, param=query_param(place))) for place, (query, _) in enumerate(asked)
        ]
        with self.worker.lane(patience) as lane:
            return [
                judge(
                    lane,
                    self.reranker,
                    resolve(instruction, query),
                    query,
                    documents,
                    self.intake.documents,
                    self.observer,
                )
                for query, (_, documents) in zip(queries, asked, strict=True)
            ]

    def embed(self, sources: Sequence[Source], *, param: str = "input", patience: Patience | None = None) -> Vectors:
        """Stage 1's vectors, (n, d) float32, rows of unit length, in the order of the sources: each a text or a
        picture, not both.

        param: the field they stood in. Raises as `Intake.contents` does, InvalidInput for one with text and picture,
        and Busy, DeadlineExceeded and Cancelled as `SearchEngine.search` does.
        """
        contents = self.intake.contents(sources, param=param)
        for place, content in enumerate(contents):
            if content.kind == "mixed":
                raise InvalidInput(
                    "this holds a text and a picture, and stage 1 has a vector for either; send them one by one",
                    param=f"{param}[{place}]",
                )
        texts = [place for place, content in enumerate(contents) if content.kind == "text"]
        pictures = [place for place, content in enumerate(contents) if content.kind == "image"]
        vectors = np.empty((len(contents), self.encoder.dimension), np.float32)
        with self.worker.lane(patience) as lane, self.observer.stage("embed"):
            encoder = SharedEncoder(self.encoder, lane, self.settings.encoder_batch_size)
            vectors[texts] = encoder.encode_texts([contents[place].text or "" for place in texts])
            vectors[pictures] = encoder.encode_images(
                [image for place in pictures if (image := contents[place].image) is not None]
            )
        return vectors

    def upsert(self, name: str, records: Sequence[Record], *, patience: Patience | None = None) -> None:
        """Encodes and stores the records, all or none; durable when this returns.

        Raises as `Ingest.upsert` does; Busy, DeadlineExceeded and Cancelled, as `rerank` does, with nothing stored.
        """
        collection = self.library.open(name)
        with self.worker.lane(patience) as lane, self.observer.stage("ingest"):
            encoder = SharedEncoder(self.encoder, lane, self.settings.encoder_batch_size)
            Ingest(collection, encoder, self._pictures).upsert(records)

    def close(self) -> None:
        """Closes worker, collections and picture cache. Calls that are waiting for the device fail with NotReady."""
        self.worker.close()
        self.library.close()
        if self.picture_cache is not None:
            self.picture_cache.close()
