"""`lychee bench memory`: whether a request of many documents takes more memory than one of few. Knows no terminal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from content import Content, Document
from evaluation.bench.corpus import Corpus
from evaluation.bench.peak import Peak, in_child, peak_of
from evaluation.bench.setup import INSTRUCTION, Setup
from evaluation.bench.sides import WARM, sides
from reranker import LycheeReranker
from reranker.feature_memory import MemoryFeatures
from search.stage2 import judge
from search.worker import DeviceWorker


@dataclass(frozen=True, slots=True)
class Request:
    """cache_bytes: of the picture cache; so small that few documents fill it as well as many do."""

    documents: int
    cache_bytes: int


def request_peak(setup: Setup, request: Request) -> Peak:
    """Of one request as a server runs it, in a fresh process: documents are read as they are needed, texts of 30 to
    1,200 tokens and pictures of 64 to 576."""
    return in_child(_request, setup, request)


def side_peaks(setup: Setup, pair: str, documents: int, chosen: Sequence[tuple[str, int | None]]) -> dict[str, Peak]:
    """Of sides as `sides.sides` makes them, by (name, batch size); one fresh process each.

    Without the warm one: what fills its cache is a cold run, and in its process the peak would be that run's.
    """
    return {
        name: in_child(_side, setup, pair, documents, name, batch_size) for name, batch_size in chosen if name != WARM
    }


def _request(setup: Setup, request: Request) -> Peak:
    checkpoint = setup.checkpoint()
    corpus = Corpus(checkpoint.processor.tokenizer, setup.picture_tokens, setup.seed)
    query = corpus.task("T->T", documents=1, rounds=1).queries[0]
    reranker = LycheeReranker(checkpoint.model, checkpoint.processor, features=MemoryFeatures(request.cache_bytes))

    def read(numbers: Sequence[int]) -> list[Document]:
        return [corpus.mixed(number) for number in numbers]

    return peak_of(lambda: _judged(reranker, query, range(request.documents), read), setup.place)


def _judged(
    reranker: LycheeReranker, query: Content, numbers: Sequence[int], read: Callable[[Sequence[int]], list[Document]]
) -> None:
    worker = DeviceWorker()
    try:
        with worker.lane() as lane:
            judgements = judge(lane, reranker, INSTRUCTION, query, numbers, read)
    finally:
        worker.close()
    for judgement in judgements:
        assert judgement.error is None, judgement.error


def _side(setup: Setup, pair: str, documents: int, name: str, batch_size: int | None) -> Peak:
    checkpoint = setup.checkpoint()
    corpus = Corpus(checkpoint.processor.tokenizer, setup.picture_tokens, setup.seed)
    task = corpus.task(pair, documents, rounds=1)
    side = next(one for one in sides(checkpoint, [name]) if one.batch_size == batch_size)
    run = side.ready()
    return peak_of(lambda: run(task.queries[0], task.documents), setup.place)
