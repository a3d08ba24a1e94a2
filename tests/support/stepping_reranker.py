"""A judge that does as it is told when a step is prepared and when it runs: for tests of what goes on between steps."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from support.one_step import ScoresInSteps

from content import Content, Document, Unreadable
from reranker.protocol import Judgement, Step


def nothing(_: int) -> None:
    pass


class SteppingReranker(ScoresInSteps):
    """Steps of `size` documents; the score of a document is its text, read as a number.

    on_prepare, on_run: called with the number of a step before it is given out, and when it runs. ran: the numbers of
    the steps that were begun, in that order.
    """

    name = "stepping"
    fingerprint = "stepping"

    def __init__(
        self, size: int = 1, on_prepare: Callable[[int], None] = nothing, on_run: Callable[[int], None] = nothing
    ) -> None:
        self.size = size
        self.on_prepare = on_prepare
        self.on_run = on_run
        self.ran: list[int] = []

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        return [_judgement(document) for document in documents]

    def steps(self, instruction: str | None, query: Content, documents: Iterable[Document]) -> Iterator[Step]:
        rest = iter(documents)
        number = 0
        while window := list(islice(rest, self.size)):
            self.on_prepare(number)

            def step(number: int = number, window: list[Document] = window) -> dict[int, Judgement]:
                self.ran.append(number)
                self.on_run(number)
                return dict(enumerate(self.score(instruction, query, window), number * self.size))

            del window  # as the real one: a step that is given out is its taker's alone
            yield step
            del step
            number += 1


def _judgement(document: Document) -> Judgement:
    if isinstance(document, Unreadable):
        return Judgement(0.0, error=document.reason)
    return Judgement(float(document.text or 0.5))
