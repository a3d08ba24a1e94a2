"""`lychee bench http`: what the way over HTTP costs beside calling the engine. Knows no terminal."""

import gc
import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from evaluation.bench.made_up import MadeUp
from evaluation.bench.served import Connection, as_json, serving
from evaluation.pages.grid import Grid
from search.assembly import load_service
from search.intake import Given
from search.load_settings import load_settings
from search.service import Service

BOUND: Final = 1.15  # of the engine's time
_DIFFERENT: Final = 1e-4  # of two scores of one document, in one process and in another
_PATH: Final = "/v1/rerank"


@dataclass(frozen=True, slots=True)
class Way:
    """Seconds of each round. kind: of the documents."""

    kind: str
    direct: tuple[float, ...]
    http: tuple[float, ...]

    @property
    def ratio(self) -> float:
        return median(self.http) / median(self.direct)


@dataclass(frozen=True, slots=True)
class HttpFigures:
    documents: int
    ways: tuple[Way, ...]

    @property
    def within_bounds(self) -> bool:
        return all(way.ratio <= BOUND for way in self.ways)


def measure_http(documents: int, rounds: int, seed: int, say: Callable[[str], None]) -> HttpFigures:
    """Both sides have models of their own in a process of their own and take turns, who begins too; every round has a
    query that was never asked, and the same documents, whose pictures both have seen: what they do not compute makes
    the way weigh more."""
    made = MadeUp(seed, documents)
    kinds = {
        "texts": [Given(text) for text in made.texts(documents)],
        "pictures": [Given(None, picture) for picture in made.pictures(documents)],
    }
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        say("Loading the models twice")
        service = load_service(load_settings(None, {"collections": folder}))
        service.library.create(service.settings.collection)
        try:
            with serving(folder) as server, closing(server.connect()) as connection:
                gc.collect()
                gc.freeze()  # as the server does
                sides = _Sides(service, connection)
                return HttpFigures(
                    documents, tuple(_way(sides, kind, given, made, rounds, say) for kind, given in kinds.items())
                )
        finally:
            gc.unfreeze()  # libraries complain of what is left at the end
            service.close()


class _Sides:
    """The two that answer one question, each in seconds and with the scores in the order of the documents."""

    def __init__(self, service: Service, connection: Connection) -> None:
        self._service = service
        self._connection = connection

    def direct(self, query: str, documents: Sequence[Given]) -> tuple[float, list[float]]:
        begin = time.perf_counter()
        entries = self._service.rerank(Given(query), documents).entries
        seconds = time.perf_counter() - begin
        return seconds, [entry.score for entry in sorted(entries, key=lambda entry: entry.index)]

    def http(self, query: str, documents: Sequence[Given]) -> tuple[float, list[float]]:
        begin = time.perf_counter()
        reply = self._connection.post(
            _PATH, as_json({"query": query, "documents": [_sent(each) for each in documents]})
        )
        results = _results(reply.content)
        return time.perf_counter() - begin, [score for _, score in sorted(results)]


def _results(content: bytes) -> list[tuple[int, float]]:
    return [(each["index"], each["relevance_score"]) for each in json.loads(content)["results"]]


def _sent(document: Given) -> object:
    return document.text if document.image is None else {"image": document.image}


def _way(
    sides: _Sides, kind: str, documents: Sequence[Given], made: MadeUp, rounds: int, say: Callable[[str], None]
) -> Way:
    direct, http = [], []
    for number in range(rounds + 1):
        say(f"{kind}: round {number} of {rounds}")
        query = f"{made.text()} {number}"
        first = sides.direct(query, documents) if number % 2 else None
        over_http = sides.http(query, documents)
        straight = first or sides.direct(query, documents)
        assert max(abs(one - two) for one, two in zip(straight[1], over_http[1], strict=True)) < _DIFFERENT
        if number:  # the first round warms up
            direct.append(straight[0])
            http.append(over_http[0])
    return Way(kind, tuple(direct), tuple(http))


def http_grid(found: HttpFigures) -> Grid:
    rows = [
        (way.kind, f"{1000 * median(way.direct):.1f}", f"{1000 * median(way.http):.1f}", f"{way.ratio:.3f} x")
        for way in found.ways
    ]
    return Grid(
        f"Reranking {found.documents} documents over HTTP and without",
        f"milliseconds, medians; the ratio may be {BOUND:g}",
        ("documents", "engine", "HTTP", "ratio"),
        tuple(rows),
        1,
    )
