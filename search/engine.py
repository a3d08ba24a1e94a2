"""One collection searched in two stages: recall, then judge. Knows nothing of settings, HTTP or which models it has."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from content import Content, Target
from indexer.collection import Collection
from indexer.filters import Filter
from indexer.protocols import Encoder
from reranker.display import Display, Normalize, Scale
from reranker.instructions import resolve
from reranker.protocol import Judgement, Reranker
from reranker.ranking import Ranking, rank
from retriever.candidate import Candidate
from retriever.retriever import Retriever, check_recall
from search.answer import Answer, Hit, Timings
from search.first_look import FirstLook
from search.hits import judged_hit, recalled_hit
from search.judging import Found, Judging
from search.observer import NobodyWatches, Observer
from search.patience import Patience
from search.query import check_stage, checked_query
from search.shared_encoder import SharedEncoder
from search.underway import Underway
from search.worker import DeviceWorker


class SearchEngine:
    """The two stages over one collection; safe to use from several threads.

    reranker: None leaves stage 2 out. on_close: lets go of what was opened for this engine alone; the parts of an
    engine that was put together by hand stay their maker's. observer: told how its stages went. first_look: how stage 2
    chooses what it reads in full; None reads all.
    """

    def __init__(
        self,
        collection: Collection,
        encoder: Encoder,
        reranker: Reranker | None,
        worker: DeviceWorker,
        on_close: Sequence[Callable[[], None]] = (),
        observer: Observer | None = None,
        first_look: FirstLook | None = None,
    ) -> None:
        self.collection = collection
        self.encoder = encoder
        self.reranker = reranker
        self._worker = worker
        self._observer = observer or NobodyWatches()
        self._on_close = tuple(on_close)
        self._first_look = first_look

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        encoder: str | None = None,
        reranker: str = "demo",
        device: str = "auto",
        dtype: str = "auto",
    ) -> "SearchEngine":
        """An engine with models of its own; close it, or use it in a `with` block.

        encoder, reranker, device, dtype: as in the settings of these names; encoder None takes the one that the
        collection was made with.
        Raises NotFound when there is no collection in `folder`, EncoderMismatch when another encoder made it,
        ModelError when a model cannot be loaded.
        """
        from search.assembly import open_engine  # it imports this module

        return open_engine(Path(folder), encoder, reranker, device, dtype)

    def close(self) -> None:
        """Closes what was opened for this engine. Calling it twice is harmless."""
        for close in self._on_close:
            close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def most_hits(self, candidates: int, *, rerank: bool = True) -> int:
        """The largest `top_k` of a search of so many candidates."""
        looks = self._first_look if rerank and self.reranker is not None else None
        return candidates if looks is None else min(candidates, looks.keep)

    def search(
        self,
        query: str | Content,
        *,
        target: Target = "any",
        candidates: int = 100,
        top_k: int = 10,
        score_threshold: float | None = None,
        instruction: str | None = None,
        wanted: Filter | None = None,
        channels: Mapping[str, float] | None = None,
        rerank: bool = True,
        scale: Scale = 1,
        normalize: Normalize | None = None,
        raise_on_error: bool = False,
        patience: Patience | None = None,
        watch: Callable[[Underway], None] | None = None,
    ) -> Answer:
        """The best `top_k` (from 1) of `candidates` (1 to 1000) recalled items.

        target: search pictures, texts or both. instruction: the task in the user's words; None takes the default for
        this kind of query. wanted: only items that pass this filter are found, however few. channels: weights of stage
        1's channels (`image`, `text`, `words`), 0 to 100, 1 where one is not named; 0 leaves it out. score_threshold:
        hits with a score below it, in [0, 1], are left out. rerank: False answers in stage 1's order with its scores,
        which take no threshold and no display. scale, normalize: how stage 2's scores are shown, as in `Display`; they
        change nothing else. raise_on_error: raises InvalidInput, `param` the item's id, for the first candidate that
        cannot be judged, instead of putting it last. patience: how long the caller waits, and the means to call it
        off; None waits as long as it takes. watch: told on this thread how far it is, once stage 1 is done and as stage
        2's scores come.
        Where there is a first look, hits are what was read in full: `top_k` may be no more than `most_hits`.
        Raises InvalidInput, with `param` naming the argument, for an empty query and for values out of range; Busy when
        too many searches are waiting already; DeadlineExceeded and Cancelled when the patience is over.
        """
        reranker = self.reranker if rerank else None
        content = checked_query(query)
        check_recall(target, candidates, channels)
        display = Display(scale, normalize)
        check_stage(score_threshold, top_k, display, reranked=reranker is not None)
        if reranker is not None and self._first_look is not None:
            self._first_look.check(top_k)
        begin = perf_counter()
        with self._worker.lane(patience) as lane:
            retriever = Retriever(self.collection, SharedEncoder(self.encoder, lane))
            with self._observer.stage("encode"):
                vectors = retriever.encode(content)
            encoded = perf_counter()
            with self._observer.stage("recall"):
                found = self._present(retriever.recall(content, vectors, target, candidates, wanted, channels))
            recalled = perf_counter()
            tell = _teller(watch, begin, encoded, recalled, reranked=reranker is not None)
            tell(found, {})
            judgements: list[Judgement] = []
            warnings: tuple[str, ...] = ()
            if reranker is not None:
                task = resolve(instruction, content, target)
                stage2 = Judging(self.collection, lane, reranker, task, content, self._observer, raise_on_error)
                found, warnings = stage2.look_first(self._first_look, found)
                judgements = stage2.judge(found, partial(tell, found))
        hits, ranking = _ranked(found, judgements, score_threshold, top_k, display, reranked=reranker is not None)
        return Answer(
            hits=hits,
            reranked=reranker is not None,
            model=self.encoder.name if reranker is None else reranker.name,
            scale=scale,
            normalize=normalize,
            margin=ranking.margin,
            warnings=(*ranking.warnings, *warnings),
            timings_ms=_timings(begin, encoded, recalled, perf_counter()),
        )

    def _present(self, candidates: Sequence[Candidate]) -> Found:
        """The candidates with their items, without those that were deleted since they were recalled."""
        items = self.collection.get([candidate.id for candidate in candidates])
        pairs = zip(candidates, items, strict=True)
        return [(candidate, item) for candidate, item in pairs if item is not None]


def _teller(
    watch: Callable[[Underway], None] | None, begin: float, encoded: float, recalled: float, *, reranked: bool
) -> Callable[[Found, Mapping[int, Judgement]], None]:
    """Tells how far a search is; begin, encoded, recalled: readings of the clock in seconds."""

    def tell(found: Found, judgements: Mapping[int, Judgement]) -> None:
        if watch is not None:
            stages = (1000 * (encoded - begin), 1000 * (recalled - encoded), 1000 * (perf_counter() - recalled))
            watch(Underway(found, dict(judgements), reranked, *stages))

    return tell


def _ranked(
    found: Found,
    judgements: Sequence[Judgement],
    score_threshold: float | None,
    top_k: int,
    display: Display,
    *,
    reranked: bool,
) -> tuple[tuple[Hit, ...], Ranking]:
    """The hits, and the ranking behind them; stage 1 alone has none, and so no margin and no warnings."""
    if not reranked:
        return tuple(recalled_hit(place, *pair) for place, pair in enumerate(found[:top_k], start=1)), Ranking(())
    ranking = rank(judgements, score_threshold=score_threshold, top_k=top_k, display=display)
    return tuple(judged_hit(entry, *found[entry.index]) for entry in ranking.entries), ranking


def _timings(begin: float, encoded: float, recalled: float, end: float) -> Timings:
    """Milliseconds between readings of the clock in seconds."""
    return Timings(
        encode=1000 * (encoded - begin),
        recall=1000 * (recalled - encoded),
        rerank=1000 * (end - recalled),
        total=1000 * (end - begin),
    )
