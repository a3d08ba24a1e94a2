"""The runs of an evaluation, as files for other tools. Knows no models."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from content.errors import InvalidInput
from evaluation.quality.result import Answered, Evaluation
from evaluation.runs.trec import write_run

STAGE_1_FILE: Final = "stage1.trec"
STAGE_2_FILE: Final = "stage2.trec"


def write_runs(folder: Path, evaluation: Evaluation) -> Sequence[Path]:
    """Writes stage 1's order, and stage 2's over all candidates where there is one; gives their paths.

    The tags are the stages with their models' names. Raises InvalidInput as `write_run`, and where the folder cannot
    be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(f"the folder {folder} cannot be made: {error.strerror}", param="--runs-out") from error
    first, second = folder / STAGE_1_FILE, folder / STAGE_2_FILE
    answered = evaluation.answered
    write_run(first, {one.id: list(_recalled(one)) for one in answered}, f"stage-1-{evaluation.models.encoder}")
    if evaluation.models.reranker is None:
        return [first]
    write_run(second, {one.id: list(_judged(one)) for one in answered}, f"stage-2-{evaluation.models.reranker}")
    return [first, second]


def _recalled(answered: Answered) -> Iterator[tuple[str, float]]:
    return ((one.id, one.recalled) for one in answered.candidates)


def _judged(answered: Answered) -> Iterator[tuple[str, float]]:
    scores = {one.id: one.score or 0.0 for one in answered.candidates}
    return ((id, scores[id]) for id in answered.order(len(scores)))
