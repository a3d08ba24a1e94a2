"""From judgements to an order: ties, cut-offs, margin, warnings. Pure functions on plain values; knows no model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from content.errors import InvalidInput
from reranker.display import PLAIN, Display
from reranker.protocol import Judgement

TIE = 0.005  # scores closer than this say nothing about the order (bf16 alone moves a score that much)
YES = 0.5  # P(yes) above which the judge says yes rather than no
LOW_DISCRIMINATION = 0.05  # all scores this close together: the judge saw no difference between the documents


@dataclass(frozen=True, slots=True)
class Ranked:
    """One document in its place.

    rank: from 1, among those that are left after the cuts. index: its place in the input, from 0. tied: closer than
    `TIE` to the document before or after it, before the cuts. score: as the ranking's `display` shows it; the
    judge's own is `judgement.score`.
    """

    rank: int
    index: int
    judgement: Judgement
    tied: bool
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents in final order, after the cuts.

    display: what was done to the entries' scores. margin: score of the first minus that of the second in the order
    before the cuts, None where fewer than two documents were judged; below 0, by less than `TIE`, only where a tie kept
    stage 1's order. warnings: each a sentence that starts with its code and a colon. tokens: length of all judged
    prompts, also of documents that were cut.
    """

    entries: tuple[Ranked, ...]
    display: Display = PLAIN
    margin: float | None = None
    warnings: tuple[str, ...] = ()
    tokens: int = 0

    def cut(self, score_threshold: float | None = None, top_k: int | None = None) -> "Ranking":
        """The same ranking with fewer entries: as `rank` with these cuts would have given it, where this one had none.
        Raises InvalidInput as `rank` does."""
        check_cuts(score_threshold, top_k)
        left = [each for each in self.entries if score_threshold is None or each.judgement.score >= score_threshold]
        return replace(
            self, entries=tuple(replace(entry, rank=place) for place, entry in enumerate(left[:top_k], start=1))
        )


def rank(
    judgements: Sequence[Judgement],
    *,
    score_threshold: float | None = None,
    top_k: int | None = None,
    display: Display = PLAIN,
) -> Ranking:
    """Orders judgements, given in stage 1's order, by score; documents that could not be judged come last.

    Within a run of scores less than `TIE` below the best of the run stage 1's order is kept, so a lead of `TIE` or more
    is never overruled. score_threshold, in [0, 1], leaves out lower scores, top_k, from 1, all but the first; both cut
    at the end and change no score and no tie. display: how the scores are shown after all that.
    Raises InvalidInput, with `param`, for values out of range.
    """
    check_cuts(score_threshold, top_k)
    order = [index for run in _runs(judgements) for index in run]
    order += [index for index, judgement in enumerate(judgements) if judgement.error is not None]
    tied = [_tied(judgements, order, place) for place in range(len(order))]
    kept = [
        (index, mark)
        for index, mark in zip(order, tied, strict=True)
        if score_threshold is None or judgements[index].score >= score_threshold
    ]
    shown = display.shown(judgements)
    entries = tuple(
        Ranked(place, index, judgements[index], mark, shown[index])
        for place, (index, mark) in enumerate(kept[:top_k], 1)
    )
    tokens = sum(judgement.tokens for judgement in judgements)
    return Ranking(entries, display, _margin(judgements, order), _warnings(judgements), tokens)


def check_cuts(score_threshold: float | None, top_k: int | None) -> None:
    """Raises InvalidInput, with `param`, for a threshold outside [0, 1] or a top_k below 1."""
    if score_threshold is not None and not 0 <= score_threshold <= 1:
        raise InvalidInput(f"score_threshold is a number from 0 to 1, not {score_threshold}", param="score_threshold")
    if top_k is not None and top_k < 1:
        raise InvalidInput(f"top_k is a number from 1, not {top_k}", param="top_k")


def raise_first_error(judgements: Sequence[Judgement], name: Callable[[int], str] = "documents[{}]".format) -> None:
    """Raises InvalidInput for the first document that was not judged, if there is one.

    name: what the caller calls the document at a place from 0; it is the error's `param`. A judgement's error is a
    sentence without a kind, so a document on which the model itself failed is raised in the same way.
    """
    for index, judgement in enumerate(judgements):
        if judgement.error is not None:
            raise InvalidInput(f"{name(index)} was not judged: {judgement.error}", param=name(index))


def _runs(judgements: Sequence[Judgement]) -> Iterator[list[int]]:
    """Indexes of what was judged, best run first; each run in the order of the input."""
    judged = [index for index, judgement in enumerate(judgements) if judgement.error is None]
    run: list[int] = []
    for index in sorted(judged, key=lambda index: -judgements[index].score):
        if run and not _close(judgements[run[0]], judgements[index]):
            yield sorted(run)
            run = []
        run.append(index)
    yield sorted(run)


def _tied(judgements: Sequence[Judgement], order: Sequence[int], place: int) -> bool:
    own = judgements[order[place]]
    neighbours = [judgements[index] for index in (*order[max(place - 1, 0) : place], *order[place + 1 : place + 2])]
    return any(_close(own, neighbour) for neighbour in neighbours)


def _close(one: Judgement, other: Judgement) -> bool:
    if one.error is not None or other.error is not None:
        return False
    return abs(one.score - other.score) < TIE


def _margin(judgements: Sequence[Judgement], order: Sequence[int]) -> float | None:
    first = [judgements[index] for index in order[:2] if judgements[index].error is None]
    return first[0].score - first[1].score if len(first) == 2 else None


def _warnings(judgements: Sequence[Judgement]) -> tuple[str, ...]:
    scores = [judgement.score for judgement in judgements if judgement.error is None]
    if len(scores) < 2 or max(scores) - min(scores) > LOW_DISCRIMINATION:
        return ()
    return (
        f"low_discrimination: all {len(scores)} scores lie between {min(scores):.3f} and {max(scores):.3f}, so their "
        "order says little; a more specific instruction or query helps the judge to tell the documents apart",
    )
