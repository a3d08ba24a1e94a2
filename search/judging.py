"""Stage 2 of one search: a first look where there is one, then the full reading. Knows no encoder and no cut-offs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from content import Content, Document
from indexer.collection import Collection
from indexer.item import Item
from reranker.protocol import Judgement, Reranker
from reranker.ranking import raise_first_error
from retriever.candidate import Candidate
from search.first_look import FirstLook, look
from search.observer import Observer
from search.stage2 import judge
from search.worker import Lane

Found = Sequence[tuple[Candidate, Item]]
"""Candidates with their items, in stage 1's order."""


@dataclass(frozen=True, slots=True)
class Judging:
    """instruction: the resolved text. raise_on_error: raises InvalidInput, `param` the item's id, for the first
    candidate that cannot be judged."""

    collection: Collection
    lane: Lane
    reranker: Reranker
    instruction: str
    query: Content
    observer: Observer
    raise_on_error: bool

    def look_first(self, plan: FirstLook | None, found: Found) -> tuple[Found, tuple[str, ...]]:
        """What is worth reading in full, and warnings about the rest; without a plan all is. Raises as `look`."""
        if plan is None:
            return found, ()
        ids, read, has_picture = self._readable(found)
        looked = look(
            plan, self.lane, self.reranker, self.instruction, self.query, ids, read, self.observer, has_picture
        )
        self._check(looked.judgements, [ids[place] for place in looked.pictured])
        return [found[place] for place in looked.kept], looked.warnings

    def judge(self, found: Found, watch: Callable[[Mapping[int, Judgement]], None]) -> list[Judgement]:
        """In the order of what was found. watch: as `search.stage2.judge` has it, which says what is raised."""
        ids, read, has_picture = self._readable(found)
        judgements = judge(
            self.lane, self.reranker, self.instruction, self.query, ids, read, self.observer, has_picture, watch
        )
        self._check(judgements, ids)
        return judgements

    def _readable(
        self, found: Found
    ) -> tuple[list[str], Callable[[Sequence[str]], Sequence[Document]], Callable[[str], bool]]:
        """The ids, what reads the documents of some, and which of them have pictures."""
        passages = {candidate.id: candidate.passage for candidate, _ in found}
        pictured = {item.id for _, item in found if item.has_image}

        def read(ids: Sequence[str]) -> Sequence[Document]:
            return self.collection.documents(ids, [passages[item_id] for item_id in ids])

        return [item.id for _, item in found], read, pictured.__contains__

    def _check(self, judgements: Sequence[Judgement], ids: Sequence[str]) -> None:
        if self.raise_on_error:
            raise_first_error(judgements, ids.__getitem__)
