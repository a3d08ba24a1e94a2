"""What a two-stage search answers with. Plain values: no models, no HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from indexer.item import JsonValue, PassageSource
from reranker.display import PLAIN, Normalize, Scale
from retriever.candidate import ChannelRank
from search.query import check_stage


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What stage 1 thought of a hit: its rank (from 1) and fused score, and its place in each channel's list."""

    rank: int
    score: float
    channels: tuple[ChannelRank, ...]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """The piece of a hit's writing that stage 1 found: the characters [start, stop) of the hit's text, or of what was
    read off its picture. text: these characters."""

    source: PassageSource
    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer.

    rank: from 1, final order. score: P(yes), or a tenth of a rating, as the answer's `scale` and `normalize` show it,
    by default itself, in [0, 1]; without stage 2 the fused score of stage 1.
    tied: closer than 0.005 to a neighbour, so stage 1 decided their order.
    error: why stage 2 could not judge it (score 0.0). raw: what a judge in words wrote about it.
    passage: None where only the picture or the metadata was found. ocr: what was read off the picture, if anything.
    judged: stage 2 has looked at it, whether or not it could judge it. logits, tokens: as in `Judgement`.
    """

    rank: int
    id: str
    score: float
    retrieval: Retrieval
    text: str | None
    has_image: bool
    metadata: Mapping[str, JsonValue]
    tied: bool = False
    truncated: bool = False
    error: str | None = None
    raw: str | None = None
    passage: FoundPassage | None = None
    ocr: str | None = None
    judged: bool = False
    logits: tuple[float, float] | None = None
    tokens: int = 0


Lead = Literal["clear", "close"]
_CLEAR = 1.5  # the first's score over the second's
_CLOSE = 0.01  # P(yes): a tenth of a point on the scale to ten


def lead(hits: Sequence[Hit]) -> Lead | None:
    """How far the first of hits, whose scores are stage 2's own, is before the second: `clear` where its score is at
    least 1.5 times the second's, `close` where they are within 0.01, None in between, and where there are no two."""
    judged = [hit.score for hit in hits[:2] if hit.judged and hit.error is None]
    if len(judged) < 2:
        return None
    first, second = judged
    if abs(first - second) <= _CLOSE:
        return "close"
    return "clear" if first >= _CLEAR * second else None


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of wall time per stage; `rerank` includes reading and decoding the candidates' pictures."""

    encode: float
    recall: float
    rerank: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits in final order.

    reranked: stage 2 gave the order. model: name of the reranker, or of the encoder without it. scale, normalize: how
    the scores are shown, as in `reranker.display.Display`. margin: score of the first minus that of the second, before
    cuts and display; None without stage 2, and where it judged fewer than two. warnings: `low_discrimination` and the
    like, each a sentence that starts with its code and a colon.
    """

    hits: tuple[Hit, ...]
    reranked: bool
    model: str
    scale: Scale
    normalize: Normalize | None
    margin: float | None
    warnings: tuple[str, ...]
    timings_ms: Timings

    def cut(self, score_threshold: float | None = None, top_k: int | None = None) -> "Answer":
        """The same answer with fewer hits: as a search with these cuts would have given it, where this one had none,
        and plain scores. A threshold leaves out what stage 2 has not read. Raises InvalidInput as a search does."""
        check_stage(score_threshold, top_k, PLAIN, reranked=self.reranked)
        left = [hit for hit in self.hits if score_threshold is None or (hit.judged and hit.score >= score_threshold)]
        hits = [replace(hit, rank=place) for place, hit in enumerate(left[:top_k], start=1)]
        return replace(self, hits=tuple(hits))
