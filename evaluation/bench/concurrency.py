"""`lychee bench concurrency`: how long short requests wait behind a long one, and what sharing the device costs.
Knows no terminal."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from statistics import median

import numpy as np

from content import Content, Document
from evaluation.bench.corpus import Corpus
from evaluation.bench.setup import INSTRUCTION, Setup
from reranker import LycheeReranker
from reranker.protocol import Judgement, Step
from search.stage2 import judge
from search.worker import DeviceWorker


@dataclass(frozen=True, slots=True)
class Load:
    """long: documents of the request that runs all the while. requests: of one document each, at the least. clients,
    each: how many threads send how many documents each. rounds: by turns with one request of as many documents in
    all."""

    pair: str
    long: int
    requests: int
    clients: int
    each: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds. batch: of one step of the long request on the device, the median. waits: of each short request, from
    sending to answer."""

    batch: float
    waits: tuple[float, ...]

    @property
    def p95(self) -> float:
        return float(np.percentile(self.waits, 95))

    @property
    def p95_in_batches(self) -> float:
        return self.p95 / self.batch


@dataclass(frozen=True, slots=True)
class Sharing:
    """Seconds of each round. clients: of all together. alone: of one request."""

    clients: tuple[float, ...]
    alone: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Throughput of many by that of one, the median."""
        return median(alone / clients for clients, alone in zip(self.clients, self.alone, strict=True))


class Server:
    """Stage 2 as a server runs it: one worker, and requests from any thread."""

    def __init__(self, reranker: LycheeReranker) -> None:
        self._reranker = reranker
        self._worker = DeviceWorker()

    def answer(self, query: Content, documents: Sequence[Document]) -> float:
        """Seconds until the answer was there."""
        return self._answer(self._reranker, query, documents)

    def answer_by_steps(self, query: Content, documents: Sequence[Document]) -> list[float]:
        """Seconds of every step on the device."""
        timed = _Timed(self._reranker)
        self._answer(timed, query, documents)
        return timed.seconds

    def close(self) -> None:
        self._worker.close()

    def _answer(self, reranker: "LycheeReranker | _Timed", query: Content, documents: Sequence[Document]) -> float:
        begin = time.perf_counter()
        with self._worker.lane() as lane:
            judgements = judge(lane, reranker, INSTRUCTION, query, documents, list)
        for judgement in judgements:
            assert judgement.error is None, judgement.error
        return time.perf_counter() - begin


class _Timed:
    """A reranker that looks at the clock before and after each step."""

    def __init__(self, reranker: LycheeReranker) -> None:
        self._reranker = reranker
        self.name = reranker.name
        self.seconds: list[float] = []

    @property
    def fingerprint(self) -> str:
        return self._reranker.fingerprint

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        return self._reranker.score(instruction, query, documents)

    def steps(self, instruction: str | None, query: Content, documents: Iterable[Document]) -> Iterator[Step]:
        return map(self._timed, self._reranker.steps(instruction, query, documents))

    def _timed(self, step: Step) -> Step:
        def timed() -> Mapping[int, Judgement]:
            begin = time.perf_counter()
            judged = step()
            self.seconds.append(time.perf_counter() - begin)
            return judged

        return timed


def measure(setup: Setup, load: Load, say: Callable[[str], None]) -> tuple[Latency, Sharing]:
    checkpoint = setup.checkpoint()
    corpus = Corpus(checkpoint.processor.tokenizer, setup.picture_tokens, setup.seed)
    server = Server(LycheeReranker(checkpoint.model, checkpoint.processor))
    try:
        say("warming up")
        task = corpus.task(load.pair, documents=8, rounds=1)
        server.answer(task.queries[0], task.documents)
        latency = _latency(server, corpus, load, np.random.default_rng(setup.seed), say)
        return latency, _sharing(server, corpus, load, say)
    finally:
        server.close()


def _latency(
    server: Server, corpus: Corpus, load: Load, random: np.random.Generator, say: Callable[[str], None]
) -> Latency:
    """Short requests are sent one after the other while the long one runs, at no particular moment of its batches; none
    knows the query of another. The long request is sent again until there were enough of them."""
    steps: list[float] = []
    waits: list[float] = []
    queries = corpus.queries(load.pair)
    task = corpus.task(load.pair, load.long, rounds=0)
    while len(waits) < load.requests:
        say(f"short requests behind a long one: {len(waits)} of {load.requests}")
        with ThreadPoolExecutor(1) as pool:
            running: Future[list[float]] = pool.submit(server.answer_by_steps, next(queries), task.documents)
            while not running.done():
                waits.append(server.answer(next(queries), task.documents[:1]))
                time.sleep(float(random.uniform(0, median(steps or waits))))
            steps += running.result()
    return Latency(median(steps), tuple(waits))


def _sharing(server: Server, corpus: Corpus, load: Load, say: Callable[[str], None]) -> Sharing:
    """Clients and one request by turns, who begins too."""
    clients: list[float] = []
    alone: list[float] = []
    queries = corpus.queries(load.pair)
    documents = corpus.task(load.pair, load.clients * load.each, rounds=0).documents
    with ThreadPoolExecutor(load.clients) as pool:
        for number in range(load.rounds + 1):
            say(f"{load.clients} clients by turns with one: round {number} of {load.rounds}")
            if number % 2:
                alone.append(server.answer(next(queries), documents))
            clients.append(_at_once(pool, server, list(islice(queries, load.clients)), documents))
            if not number % 2:
                alone.append(server.answer(next(queries), documents))
    return Sharing(tuple(clients[1:]), tuple(alone[1:]))  # the first round warms up


def _at_once(
    pool: ThreadPoolExecutor, server: Server, queries: Sequence[Content], documents: Sequence[Content]
) -> float:
    """Seconds until all had their answers, each query over as many of the documents."""
    each = len(documents) // len(queries)
    parts = [documents[start : start + each] for start in range(0, len(documents), each)]
    begin = time.perf_counter()
    for answer in [pool.submit(server.answer, query, part) for query, part in zip(queries, parts, strict=True)]:
        answer.result()
    return time.perf_counter() - begin
