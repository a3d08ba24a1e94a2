"""How well a judge orders labelled groups. Knows the judge by its protocol only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from measures.metrics import RELEVANT, PerQuery, graded, per_query
from reranker.examples.contents import Contents
from reranker.examples.example import Group
from reranker.protocol import Judgement, Reranker

MEASURES = ("nDCG@10", "MRR", "recall@1")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A group and the judgements of its documents, in the order of its examples."""

    group: Group
    judgements: tuple[Judgement, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """The places of its examples, best first. Among equal scores the worse document comes first, so that a judge
        gains nothing by giving all the same score."""
        examples, judged = self.group.examples, self.judgements
        return tuple(sorted(range(len(judged)), key=lambda at: (-judged[at].score, examples[at].score, at)))


def telling(groups: Iterable[Group]) -> list[Group]:
    """The groups in which an order can be right or wrong: those whose documents have at least two grades, as measures
    see their scores. The others say nothing of a judge and would only thin out, or lift, its figures."""
    return [group for group in groups if len({graded(example.score) for example in group.examples}) > 1]


def of_passed_over(count: int, groups: int) -> str:
    """What a user is told of the groups that are not `telling`. count: how many these are, of `groups`."""
    return f"measures of order pass over {count:,} of {groups:,} queries, whose documents all have one grade"


def rank_groups(
    reranker: Reranker,
    groups: Iterable[Group],
    contents: Contents,
    *,
    instruction: str | None = None,
    on_group: Callable[[], None] = lambda: None,
) -> list[Ranked]:
    """All groups judged, in their order. instruction: instead of the groups' own. on_group: told after each.

    A document that cannot be judged has an `error` and score 0. Raises InvalidInput and NotFound for a query that
    cannot be read.
    """
    ranked = []
    for group in groups:
        query = contents.content(group.query, "query")
        documents = [contents.document(example.document) for example in group.examples]
        task = group.instruction if instruction is None else instruction
        ranked.append(Ranked(group, tuple(reranker.score(task or None, query, documents))))
        on_group()
    return ranked


def quality(ranked: Sequence[Ranked], names: Sequence[str] = MEASURES) -> Mapping[str, PerQuery]:
    """Measures by name, (groups,) each, in [0, 1]. Where a measure knows yes and no only, a score of 0.5 is a yes."""
    run = {str(number): [str(at) for at in one.order] for number, one in enumerate(ranked)}
    qrels = {
        str(number): {str(at): graded(example.score) for at, example in enumerate(one.group.examples)}
        for number, one in enumerate(ranked)
    }
    return per_query(run, qrels, names, relevant=RELEVANT)
