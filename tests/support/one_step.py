"""For rerankers that are doubles: the steps of a judge that prepares nothing."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from content import Content, Document
from reranker.protocol import Judgement, Step

WINDOW = 32


class ScoresInSteps:
    """Gives `steps` to a class that has `score`: windows of 32 documents."""

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        raise NotImplementedError

    def steps(self, instruction: str | None, query: Content, documents: Iterable[Document]) -> Iterator[Step]:
        rest = iter(documents)
        start = 0
        while window := list(islice(rest, WINDOW)):

            def step(start: int = start, window: list[Document] = window) -> dict[int, Judgement]:
                return dict(enumerate(self.score(instruction, query, window), start))

            yield step
            start += len(window)
