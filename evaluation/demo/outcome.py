"""What one query came to in both stages. Knows no models: scored candidates go in, places come out.

Stage 2 is ordered by its own score alone. The engine would let stage 1 order what is nearly tied, which would lend
stage 2 a help that is not its own; here equal scores go against the right item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.demo.plan import Plan


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and stage 2's verdict on it, P(yes) in [0, 1]."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """kind: what sets it apart from the right item. held_out: it shows a pair that no training scene shows."""

    kind: str
    held_out: bool


@dataclass(frozen=True, slots=True)
class Rival:
    """A near-duplicate of the right item among the candidates, and whether the right one came before it. Where stage 1
    did not recall the right one, it did not."""

    kind: str
    held_out: bool
    beaten1: bool
    beaten2: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query. Places count from 1; None where the right item is not among the candidates in question.

    query: id of the item that the query tells, which is the right one. rank1: its place in stage 1, among all
    candidates. ranks2: its place in stage 2 at each of the plan's depths. score: P(yes) of the right item, if it is a
    candidate. first1, first2: the item that each stage puts first at the main depth, with its P(yes). other: the
    highest P(yes) of the first `depth` candidates once the right item is struck out; 0.0 where nothing is left. rivals:
    at the main depth.
    """

    query: str
    rank1: int | None
    ranks2: Mapping[int, int | None]
    score: float | None
    first1: Judged
    first2: Judged
    other: float
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, slots=True)
class ForeignOutcome:
    """A query that nothing in the catalogue answers, and the highest P(yes) among its first candidates."""

    text: str
    highest: float


def outcome(right: str, near: Mapping[str, NearDuplicate], found: Sequence[Judged], plan: Plan) -> Outcome:
    """The outcome of a query whose right answer is `right`.

    near: the right item's near-duplicates, by id. found: at least one candidate, in stage 1's order.
    """
    places = {one.id: place for place, one in enumerate(found, start=1)}
    looked_at = found[: plan.depth]
    others = [one for one in found if one.id != right][: plan.depth]
    return Outcome(
        query=right,
        rank1=places.get(right),
        ranks2={depth: rank_by_score(found[:depth], right) for depth in plan.depths},
        score=found[places[right] - 1].score if right in places else None,
        first1=found[0],
        first2=max(looked_at, key=lambda one: (one.score, one.id != right)),
        other=max((one.score for one in others), default=0.0),
        rivals=tuple(_rival(one, near[one.id], looked_at, right) for one in looked_at if one.id in near),
    )


def rank_by_score(found: Sequence[Judged], right: str) -> int | None:
    """The place of the right item by score, from 1, behind all others of the same score; None if it is not there."""
    own = next((one.score for one in found if one.id == right), None)
    return None if own is None else 1 + sum(one.score >= own for one in found if one.id != right)


def _rival(rival: Judged, near: NearDuplicate, found: Sequence[Judged], right: str) -> Rival:
    for one in found:
        if one.id == right:
            beaten1, beaten2 = found.index(one) < found.index(rival), one.score > rival.score
            return Rival(near.kind, near.held_out, beaten1, beaten2)
    return Rival(near.kind, near.held_out, beaten1=False, beaten2=False)
