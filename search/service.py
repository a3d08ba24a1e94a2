"""Everything that a running server does, as plain calls on plain values. Knows nothing of HTTP."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from content.errors import InvalidInput, NotReady
from content.sources import ImageSource
from content.stored import MAX_PIXELS
from indexer.build import Progress
from indexer.ingest import ENCODED_AT_A_TIME, Ingest
from indexer.ocr import TextReader
from indexer.pictures import PictureReader, scaled
from indexer.protocols import Encoder, Vectors
from indexer.record import Record
from indexer.record import Source as IndexSource
from reranker.display import Display, Normalize, Scale
from reranker.instructions import resolve
from reranker.protocol import Judgement, Reranker
from reranker.ranking import Ranking, check_cuts, raise_first_error, rank
from search.engine import SearchEngine
from search.first_look import first_look
from search.indexing import Indexed, index
from search.intake import Intake, Source, TextLimits, may_have_picture
from search.library import Library
from search.observer import NobodyWatches, Observer
from search.patience import Patience
from search.query import checked_query
from search.rerankers import Rerankers, Stage2
from search.settings import Settings
from search.shared_encoder import SharedEncoder
from search.stage2 import judge
from search.worker import DeviceWorker

if TYPE_CHECKING:
    from reranker.feature_cache import FeatureCache  # costs torch


class Service:
    """The models, the worker that owns their device, and the collections; safe to use from several threads.

    picture_cache: the one that the reranker keeps what it saw in; None where it keeps nothing. images: fetches pictures
    by URL; None fetches none. observer: told how the stages of requests went. load_stage2: makes another stage 2 by its
    name, for `rerankers`; None makes none.
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
        load_stage2: Callable[[str], Stage2] | None = None,
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self.reranker = reranker
        self.library = library
        self.worker = worker
        self.picture_cache = picture_cache
        self.images = images
        self.observer = observer or NobodyWatches()
        self.rerankers = Rerankers(self, load_stage2 or _loads_nothing, settings.other_rerankers)
        self._pictures = PictureReader(settings.image_limits)  # one for all requests: it bounds the memory of decoding
        self.intake = Intake(
            library,
            settings.collection,
            images=images,
            image_limits=settings.image_limits,
            text_limits=TextLimits(settings.max_query_characters, settings.max_text_characters),
            pictures=self._pictures,
        )

    def engine(self, name: str | None = None) -> SearchEngine:
        """The engine of a collection; None means the default one. Raises InvalidInput, NotFound, EncoderMismatch."""
        collection = self.library.open(self.settings.collection if name is None else name)
        looks = first_look(self.settings.first_look_pixels, self.settings.first_look_keep)
        return SearchEngine(
            collection, self.encoder, self.reranker, self.worker, observer=self.observer, first_look=looks
        )

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
        watch: Callable[[int], None] | None = None,
    ) -> Ranking:
        """The documents in stage 2's order, as `reranker.ranking.rank` gives them.

        scale, normalize: how the scores are shown, as in `Display`. raise_on_error: raises InvalidInput, `param`
        `documents[i]`, for the first document that cannot be judged, instead of putting it last.
        patience: as in `SearchEngine.search`. watch: told on this thread how many documents are judged, as they are.
        Raises as `Intake.query` does for the query, InvalidInput for values out of range, NotReady when stage 2 is
        switched off, and Busy, DeadlineExceeded and Cancelled as `SearchEngine.search` does.
        """
        check_cuts(score_threshold, top_k)
        display = Display(scale, normalize)
        (judgements,) = self.judge([(query, documents)], instruction=instruction, patience=patience, watch=watch)
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
        watch: Callable[[int], None] | None = None,
    ) -> list[list[Judgement]]:
        """For each query its judgements, one per document, in the order of the input.

        query_param: the field that the query at a place stood in. watch: told of all queries' documents together.
        Otherwise as `rerank`.
        """
        reranker = self.reranker  # another may take its place meanwhile
        if reranker is None:
            raise NotReady("stage 2 is switched off here (the setting reranker is none), so nothing can be reranked")
        judgements: list[list[Judgement]] = []

        def tell(judged: Mapping[int, Judgement]) -> None:
            if watch is not None:
                watch(sum(map(len, judgements)) + len(judged))

        with self.worker.lane(patience) as lane:
            for place, (source, documents) in enumerate(asked):
                # one at a time: each may be a large picture
                query = checked_query(self.intake.query(source, param=query_param(place)))
                task = resolve(instruction, query)
                read = self.intake.documents
                judgements.append(
                    judge(lane, reranker, task, query, documents, read, self.observer, may_have_picture, tell)
                )
        return judgements

    def embed(self, sources: Sequence[Source], *, param: str = "input", patience: Patience | None = None) -> Vectors:
        """Stage 1's vectors, (n, d) float32, rows of unit length, in the order of the sources: each a text or a
        picture, not both.

        param: the field they stood in. Raises as `Intake.content` does, InvalidInput for one with text and picture,
        and Busy, DeadlineExceeded and Cancelled as `SearchEngine.search` does.
        """
        vectors = np.empty((len(sources), self.encoder.dimension), np.float32)
        with self.worker.lane(patience) as lane, self.observer.stage("embed"):
            encoder = SharedEncoder(self.encoder, lane)
            for start in range(0, len(sources), self.settings.encoder_batch_size):
                places = range(start, min(start + self.settings.encoder_batch_size, len(sources)))
                with lane.pictures.guest(lane.patience) as guest:
                    guest.take(start, MAX_PIXELS * sum(may_have_picture(sources[place]) for place in places))
                    texts, pictures = self._to_embed(sources, places, param, lane.patience)
                    vectors[list(texts)] = encoder.encode_texts(list(texts.values()))
                    vectors[list(pictures)] = encoder.encode_images(list(pictures.values()))
        return vectors

    def _to_embed(
        self, sources: Sequence[Source], places: Iterable[int], param: str, patience: Patience
    ) -> tuple[dict[int, str], dict[int, Image.Image]]:
        """The texts and the pictures among these places, by place; pictures in the size in which items are encoded."""
        texts, pictures = {}, {}
        for place in places:
            patience.check()  # each may have to be fetched
            content = self.intake.content(sources[place], param=f"{param}[{place}]")
            if content.kind == "mixed":
                raise InvalidInput(
                    "this holds a text and a picture, and stage 1 has a vector for either; send them one by one",
                    param=f"{param}[{place}]",
                )
            if content.image is not None:
                pictures[place] = scaled(content.image)
            else:
                texts[place] = content.text or ""
        return texts, pictures

    def upsert(self, name: str, records: Sequence[Record], *, patience: Patience | None = None) -> None:
        """Encodes and stores the records, all or none; durable when this returns.

        Raises as `Ingest.upsert` does; Busy, DeadlineExceeded and Cancelled, as `rerank` does, with nothing stored.
        """
        collection = self.library.open(name)
        with self.worker.lane(patience) as lane, self.observer.stage("ingest"):
            encoder = SharedEncoder(self.encoder, lane, self.settings.encoder_batch_size)
            pictures = sum(record.image is not None for record in records)
            with lane.pictures.guest(lane.patience) as guest:
                guest.take(0, MAX_PIXELS * min(pictures, ENCODED_AT_A_TIME))
                Ingest(collection, encoder, self._pictures).upsert(records)

    def index(
        self,
        name: str,
        source: IndexSource,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        *,
        patience: Patience | None = None,
        reader: TextReader | None = None,
    ) -> Indexed:
        """Indexes all of the source that is new or changed, as `indexer.build.build` does, with searches in between.

        name: of the collection; one that is not there is made, and dropped again where nothing was stored in it.
        on_progress: called on this thread, a few times a second. patience: once it is over, what was taken in is
        stored, and the answer says that there may be more. reader: reads the text in pictures; None leaves it unread.
        Raises InvalidInput for a bad name, EncoderMismatch, what `build` raises, Busy and NotReady.
        """
        limits, size = self.settings.image_limits, self.settings.encoder_batch_size
        return index(
            self.library, self.worker, self.encoder, name, source,
            limits=limits, batch_size=size, patience=patience or Patience(), reader=reader, on_progress=on_progress,
        )  # fmt: skip

    def close(self) -> None:
        """Closes worker, collections and picture cache. Calls that are waiting for the device fail with NotReady."""
        self.worker.close()
        self.library.close()
        self.rerankers.close()
        if self.picture_cache is not None:
            self.picture_cache.close()


def _loads_nothing(name: str) -> Stage2:
    raise NotReady("this server was put together by hand and loads no other models")
