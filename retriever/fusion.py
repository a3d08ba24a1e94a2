"""Reciprocal rank fusion: several ranked lists become one. Knows nothing of vectors, indexes or models."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from indexer.ranking import Ranking
from retriever.candidate import ChannelName, ChannelRank, QuerySide

RRF_K = 60  # Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet...", SIGIR 2009


@dataclass(frozen=True, slots=True)
class RankedList:
    """What one side of the query found in one channel. hits: best first, each id once. weight: above 0."""

    channel: ChannelName
    query: QuerySide
    hits: Ranking
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fused:
    """An item of the fused list. score: the sum of weight / (RRF_K + rank) over `channels`. key: the passage that was
    found by the list which ranks the item best of those that find passages, by words before vectors where both rank it
    alike; 0 where none does."""

    id: str
    score: float
    channels: tuple[ChannelRank, ...]
    key: int


def fuse(lists: Sequence[RankedList], limit: int) -> list[Fused]:
    """The best `limit` ids by their scores, best first.

    Equal sums are ordered by the best single rank, then by id: the answer never depends on the order of `lists`.
    """
    places: dict[str, list[ChannelRank]] = {}
    weighed: dict[str, list[float]] = {}
    passages: dict[str, tuple[int, bool, int]] = {}  # id -> (rank, whether not by words, key) of its best passage
    for ranked in lists:
        for rank, hit in enumerate(ranked.hits, start=1):
            places.setdefault(hit.id, []).append(ChannelRank(ranked.channel, ranked.query, rank, hit.score))
            weighed.setdefault(hit.id, []).append(ranked.weight / (RRF_K + rank))
            if ranked.channel != "image" and hit.key:
                found = (rank, ranked.channel != "words", hit.key)
                passages[hit.id] = min(passages.get(hit.id, found), found)
    # fsum rounds once, so that two ids with the same ranks in other lists have exactly the same score.
    scores = {item_id: fsum(shares) for item_id, shares in weighed.items()}
    # Sums that are equal as fractions (1/72 + 1/120 and 2/90) may differ in the last bit of a float.
    order = sorted(
        places, key=lambda item_id: (-round(scores[item_id], 12), min(p.rank for p in places[item_id]), item_id)
    )
    return [
        Fused(item_id, scores[item_id], tuple(places[item_id]), passages.get(item_id, (0, False, 0))[-1])
        for item_id in order[:limit]
    ]
