"""The seam of stage 2: what reads a query together with a document and says how well they fit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from content import Content, Document


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one document.

    score: P(yes) = softmax(logit_yes, logit_no)[yes] in float32, or a tenth of a rating in words; in [0, 1], 0.0 where
    `error` is set.
    logits: (yes, no) at the last position of the prompt, None where there are none.
    tokens: length of the whole prompt, pictures included; 0 where the model did not read it.
    truncated: the document's text was cut to fit the model's token limit.
    error: why the document could not be judged.
    raw: what a judge in words wrote, also where it held no rating.
    """

    score: float
    logits: tuple[float, float] | None = None
    tokens: int = 0
    truncated: bool = False
    error: str | None = None
    raw: str | None = None


Step = Callable[[], Mapping[int, Judgement]]
"""A part of a request's work, ready for the device: calling it judges some documents, by their places from 0. What the
model cannot judge is a Judgement with an `error`; a step raises only for what is nobody's document's fault."""


class Reranker(Protocol):
    """Judges documents one by one: a score never depends on the other documents of the call or on their order."""

    @property
    def name(self) -> str:
        """What to write into a setting to get this reranker again."""

    @property
    def fingerprint(self) -> str: ...

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        """One judgement per document, in the same order; `[]` gives `[]`.

        instruction: the task in the user's words; None takes the default for this kind of query.
        Raises InvalidInput when the query alone is over the token limit.
        """

    def steps(self, instruction: str | None, query: Content, documents: Iterable[Document]) -> Iterator[Step]:
        """The work of `score`, cut where threads change hands; together the steps judge every document once.

        Iterating prepares (checks, tokenises, cuts pictures into patches) on the iterating thread and reads `documents`
        no further than the next step needs, so that few are in memory at once. Calling a step uses the model: on one
        thread at a time, in any order, each once, or never.
        Raises InvalidInput, before anything is prepared, when the query alone is over the token limit.
        """


def score_in_steps(steps: Iterable[Step], count: int) -> list[Judgement]:
    """What the steps of `count` documents come to, in the order of the documents."""
    judgements: dict[int, Judgement] = {}
    for step in steps:
        judgements.update(step())
    return [judgements[place] for place in range(count)]
