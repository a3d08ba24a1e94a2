"""Every way of reading a query's candidates, by turns in one run, with the time that each takes. Knows no figures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from content.errors import InvalidInput, NotFound
from evaluation.depth.plan import Plan, Way
from evaluation.depth.source import Asked, Source
from evaluation.folder.recalled import Recalled
from reranker.protocol import Reranker
from search.first_look import AtPixels, FirstLook, best_first, look
from search.observer import NobodyWatches
from search.stage2 import judge
from search.worker import DeviceWorker, Lane


@dataclass(frozen=True, slots=True)
class Read:
    """What a way made of one query. order: documents, best first. ms: from the first picture read to the last score."""

    order: tuple[str, ...]
    ms: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query. recalled: documents in stage 1's order. ways: one reading each. error: why it could not be asked."""

    id: str
    grades: Mapping[str, int]
    recalled: tuple[str, ...]
    ways: Mapping[Way, Read]


def outcomes(source: Source, reranker: Reranker, plan: Plan, on_query: Callable[[], None]) -> Iterator[Outcome]:
    """One for each query that can be read.

    The query itself is read before any clock runs, and the ways take turns in being first, so that none pays for
    another. Raises InvalidInput for a judge that reads pictures with one number of pixels only.
    """
    if not isinstance(reranker, AtPixels):
        raise InvalidInput("this judge reads pictures in full only; depth needs the judge yes-no", param="--judge")
    worker = DeviceWorker()
    try:
        for turn, id in enumerate(source.queries):
            try:
                asked = source.ask(id)
                found = source.stage1.recall(id, asked.query)
                reading = _Reading(source, reranker, asked, found, worker)
                yield Outcome(id, asked.grades, tuple(one.id for one in found), reading.by_turns(plan.ways, turn))
            except (InvalidInput, NotFound):
                pass  # the query cannot be read, or is too long: no way of reading candidates differs
            on_query()
    finally:
        worker.close()


@dataclass(frozen=True, slots=True)
class _Reading:
    source: Source
    reranker: Reranker
    asked: Asked
    found: Sequence[Recalled]
    worker: DeviceWorker

    def by_turns(self, ways: Sequence[Way], turn: int) -> dict[Way, Read]:
        start = turn % len(ways)
        with self.worker.lane() as lane:
            self._judge(lane, self.reranker, self.found[:1])
            read = {way: self._read(lane, way) for way in [*ways[start:], *ways[:start]]}
        return {way: read[way] for way in ways}

    def _read(self, lane: Lane, way: Way) -> Read:
        begin = perf_counter()
        found = self.found[: way.depth]
        order = self._once(lane, way, found) if way.keep is None else self._looked(lane, way, found, way.keep)
        return Read(order, 1000 * (perf_counter() - begin))

    def _once(self, lane: Lane, way: Way, found: Sequence[Recalled]) -> tuple[str, ...]:
        assert isinstance(self.reranker, AtPixels)
        return self._judge(lane, self.reranker.at_pixels(way.pixels), found)

    def _looked(self, lane: Lane, way: Way, found: Sequence[Recalled], keep: int) -> tuple[str, ...]:
        """As `SearchEngine.search` does where the settings ask for a first look."""
        items = self.source.collection.get([one.id for one in found])
        pictured = {item.id for item in items if item is not None and item.has_image}
        looked = look(
            FirstLook(way.pixels, keep), lane, self.reranker, self.asked.instruction, self.asked.query, found,
            self.source.documents.read, NobodyWatches(), lambda one: one.id in pictured,
        )  # fmt: skip
        return self._judge(lane, self.reranker, [found[place] for place in looked.kept])

    def _judge(self, lane: Lane, reranker: Reranker, found: Sequence[Recalled]) -> tuple[str, ...]:
        """The documents in the order of their scores."""
        judged = judge(lane, reranker, self.asked.instruction, self.asked.query, found, self.source.documents.read)
        return tuple(found[place].id for place in best_first(judged))
