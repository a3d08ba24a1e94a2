"""A search on its way: what stage 1 found, and what stage 2 has judged of it so far. Knows no models and no threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.item import Item
from reranker.protocol import Judgement
from reranker.ranking import rank
from retriever.candidate import Candidate
from search.answer import Hit
from search.hits import judged_hit, recalled_hit


@dataclass(frozen=True, slots=True)
class Underway:
    """found: the candidates with their items, in stage 1's order. judgements: those there are, by place in `found`.

    reranked: stage 2 is going to judge all of them. encode_ms, recall_ms: how long stage 1 took. rerank_ms: how long
    stage 2 has been at work.
    """

    found: Sequence[tuple[Candidate, Item]]
    judgements: Mapping[int, Judgement]
    reranked: bool
    encode_ms: float
    recall_ms: float
    rerank_ms: float = 0.0

    @property
    def total(self) -> int:
        """How many candidates stage 2 reads; 0 where it is left out."""
        return len(self.found) if self.reranked else 0

    @property
    def remaining_s(self) -> float | None:
        """Seconds that stage 2 still needs, where the rest goes as quickly; None before it has read anything."""
        done = len(self.judgements)
        return self.rerank_ms / 1000 * (self.total - done) / done if done else None

    def hits(self) -> tuple[Hit, ...]:
        """All candidates, uncut: the judged ones first, in stage 2's order, then the others in stage 1's."""
        places = sorted(self.judgements)
        ranking = rank([self.judgements[place] for place in places])
        judged = [judged_hit(entry, *self.found[places[entry.index]]) for entry in ranking.entries]
        others = [
            replace(recalled_hit(place, *pair), rank=0)
            for place, pair in enumerate(self.found)
            if place not in self.judgements
        ]
        return tuple(replace(hit, rank=place) for place, hit in enumerate([*judged, *others], start=1))
