"""Reciprocal rank fusion: several ranked lists become one. Knows nothing of vectors, indexes or models."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from indexer.protocols import Channel
from retriever.candidate import Candidate, ChannelRank, QuerySide

RRF_K = 60  # Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet...", SIGIR 2009


@dataclass(frozen=True, slots=True)
class RankedList:
    """What one side of the query found in one channel. hits: (id, cosine), best first, each id once."""

    channel: Channel
    query: QuerySide
    hits: Sequence[tuple[str, float]]


def fuse(lists: Sequence[RankedList], limit: int) -> list[Candidate]:
    """The best `limit` ids by the sum of 1 / (RRF_K + rank) over the lists that hold them, best first.

    Equal sums are ordered by the best single rank, then by id: the answer never depends on the order of `lists`.
    """
    places: dict[str, list[ChannelRank]] = {}
    for ranked in lists:
        for rank, (item_id, cosine) in enumerate(ranked.hits, start=1):
            places.setdefault(item_id, []).append(ChannelRank(ranked.channel, ranked.query, rank, cosine))
    # fsum rounds once, so that two ids with the same ranks in other lists have exactly the same score.
    scores = {item_id: fsum(1 / (RRF_K + place.rank) for place in found) for item_id, found in places.items()}
    # Sums that are equal as fractions (1/72 + 1/120 and 2/90) may differ in the last bit of a float.
    order = sorted(
        places, key=lambda item_id: (-round(scores[item_id], 12), min(p.rank for p in places[item_id]), item_id)
    )
    return [
        Candidate(id=item_id, rank=rank, score=scores[item_id], channels=tuple(places[item_id]))
        for rank, item_id in enumerate(order[:limit], start=1)
    ]
