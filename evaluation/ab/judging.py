"""One judge's order of every question's candidates. Knows the judge by its protocol only."""

from collections.abc import Callable
from dataclasses import dataclass

from content.errors import InvalidInput, NotFound
from evaluation.ab.ask import Ask
from evaluation.ab.question import Question, Section


@dataclass(frozen=True, slots=True)
class Ordered:
    """One question's candidates as one judge sees them.

    scores: candidate -> P(yes) in [0, 1], 0 for what could not be judged. failed: how many could not. ms: what judging
    took, without reading pictures from disk.
    """

    scores: dict[str, float]
    failed: int
    ms: float

    @property
    def order(self) -> list[str]:
        """Ids, best first; equal scores in the question's own order."""
        return sorted(self.scores, key=lambda one: -self.scores[one])


@dataclass(frozen=True, slots=True)
class Judged:
    """What one judge said of all sections. sections: in their order, one `Ordered` for each question."""

    name: str
    fingerprint: str
    sections: tuple[tuple[Ordered, ...], ...]


def judge(
    asked: Ask,
    sections: list[Section],
    *,
    name: str,
    instruction: str | None = None,
    on_question: Callable[[], None] = lambda: None,
) -> Judged:
    """name: what people know the judge by. instruction: instead of the questions' own. on_question: told after each.

    Queries and documents that cannot be read are counted in `failed`.
    """
    return Judged(
        name,
        asked.fingerprint,
        tuple(tuple(_ordered(asked, one, instruction, on_question)) for one in sections),
    )


def _ordered(asked: Ask, section: Section, instruction: str | None, on_question: Callable[[], None]) -> list[Ordered]:
    ordered = []
    for question in section.questions:
        ordered.append(_order(asked, section, question, instruction))
        on_question()
    return ordered


def _order(asked: Ask, section: Section, question: Question, instruction: str | None) -> Ordered:
    task = question.instruction if instruction is None else instruction
    try:
        query = section.reads.query(question)
        documents = [section.reads.document(question, one) for one in question.candidates]
        judgements, ms = asked.ask(task or None, query, documents)
    except (InvalidInput, NotFound):  # a query that cannot be read, or is too long, costs no more than itself
        return Ordered(dict.fromkeys(question.candidates, 0.0), len(question.candidates), 0.0)
    return Ordered(
        {of: one.score for of, one in zip(question.candidates, judgements, strict=True)},
        sum(one.error is not None for one in judgements),
        ms,
    )
