"""A search on its way: what stage 1 found, and what stage 2 has judged of it so far. Knows no models and no threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.item import Item
from reranker.protocol import Judgement
from reranker.ranking import Ranking, rank
from retriever.candidate import Candidate
from search.answer import Answer, Hit, Timings
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

    def hits(self, score_threshold: float | None = None) -> tuple[Hit, ...]:
        """The candidates by now: the judged ones first, in stage 2's order, then the others in stage 1's.

        score_threshold: leaves out those that stage 2 has given a lower score. Raises InvalidInput as a search does.
        """
        places = sorted(self.judgements)
        ranking = self._ranking(score_threshold)
        judged = [judged_hit(entry, *self.found[places[entry.index]]) for entry in ranking.entries]
        others = [recalled_hit(place, *pair) for place, pair in enumerate(self.found) if place not in self.judgements]
        return tuple(replace(hit, rank=place) for place, hit in enumerate([*judged, *others], start=1))

    def answer(self, model: str) -> Answer:
        """What there is by now as an answer, for who waits no longer; what stage 2 has not read is not `judged`.

        model: the name of what judges, or of the encoder where nothing does.
        """
        ranking = self._ranking()
        return Answer(
            hits=self.hits(),
            reranked=self.reranked,
            model=model,
            scale=1,
            normalize=None,
            margin=ranking.margin,
            warnings=ranking.warnings,
            timings_ms=Timings(
                self.encode_ms, self.recall_ms, self.rerank_ms, self.encode_ms + self.recall_ms + self.rerank_ms
            ),
        )

    def _ranking(self, score_threshold: float | None = None) -> Ranking:
        return rank([self.judgements[place] for place in sorted(self.judgements)], score_threshold=score_threshold)
