"""What a server answers, as plain values. Fields that a newer server adds are passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Channel:
    """One list of stage 1 that holds a hit. score: cosine, or BM25 for `words`."""

    channel: str
    query: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What stage 1 thought of a hit. channels: only with `explain`."""

    rank: int
    score: float
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The piece of a long text that was found: characters [start, stop) of `source`, which is `text` or `ocr`."""

    source: str
    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item. score: from 0 to 1 unless shown otherwise; 0.0 where `error` says why stage 2 could not judge it.
    image_url: the picture's path on the server. ocr: what was read off the picture. raw: what a rating judge wrote."""

    rank: int
    id: str
    score: float
    retrieval: Retrieval
    text: str | None = None
    image_url: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    tied: bool = False
    truncated: bool = False
    passage: Passage | None = None
    ocr: str | None = None
    error: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Best first. margin: the lead of the first over the second. timings_ms: per stage, and `total`."""

    id: str
    model: str
    reranked: bool
    hits: tuple[Hit, ...]
    scale: int = 1
    normalize: str | None = None
    margin: float | None = None
    warnings: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document by its place in the request, from 0."""

    rank: int
    index: int
    score: float
    tied: bool = False
    truncated: bool = False
    error: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class RerankResult:
    """Best first."""

    id: str
    model: str
    results: tuple[Ranked, ...]
    scale: int = 1
    normalize: str | None = None
    margin: float | None = None
    warnings: tuple[str, ...] = ()


def search_result(answer: Mapping[str, Any]) -> SearchResult:
    hits = tuple(_hit(each) for each in answer["hits"])
    return _made(SearchResult, {**answer, "hits": hits, "warnings": tuple(answer["warnings"])})


def rerank_result(answer: Mapping[str, Any]) -> RerankResult:
    results = tuple(_made(Ranked, each) for each in answer["results"])
    return _made(RerankResult, {**answer, "results": results, "warnings": tuple(answer["warnings"])})


def _hit(answer: Mapping[str, Any]) -> Hit:
    retrieval, passage = answer["retrieval"], answer.get("passage")
    channels = tuple(_made(Channel, each) for each in retrieval.get("channels") or ())
    return _made(
        Hit,
        {
            **answer,
            "retrieval": _made(Retrieval, {**retrieval, "channels": channels}),
            "passage": None if passage is None else _made(Passage, passage),
        },
    )


def _made(kind: type[T], answer: Mapping[str, Any]) -> T:
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]  # every T here is a dataclass
    return kind(**{name: value for name, value in answer.items() if name in known})
