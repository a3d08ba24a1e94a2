"""Stage 2's judge as mteb wants a cross-encoder. Knows the judge by its protocol only."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from content.errors import ModelError
from evaluation.mteb_models.meta import meta
from evaluation.mteb_models.rows import Batches, Row, rows
from reranker import Reranker
from reranker.prompt import MAX_TOKENS

if TYPE_CHECKING:
    from mteb.abstasks.task_metadata import TaskMetadata
    from mteb.models.model_meta import ModelMeta
    from mteb.types import PromptType

_AT_A_TIME = 128  # documents in memory

_Pair = tuple[Row, Row]


class MtebCrossEncoder:
    """`mteb.evaluate(MtebCrossEncoder(reranker), tasks)`: P(yes) of every pair that a task asks for.

    instruction: for all tasks. By default a query's own, where the task has one for each; else the prompt that the task
    has for queries; else the judge's default for this kind of query. Pairs with one query stand together in mteb's
    reranking, so that a query is read once for all its documents.
    """

    def __init__(self, reranker: Reranker, instruction: str | None = None) -> None:
        self._reranker = reranker
        self._instruction = instruction

    @cached_property
    def mteb_model_meta(self) -> "ModelMeta":
        name, revision = self._reranker.name, self._reranker.fingerprint
        return meta(name, revision, "cross-encoder", dimension=None, max_tokens=MAX_TOKENS)

    def predict(
        self,
        inputs1: Batches,
        inputs2: Batches,
        *,
        task_metadata: "TaskMetadata",
        hf_split: str,
        hf_subset: str,
        prompt_type: "PromptType | None" = None,
        **options: object,
    ) -> NDArray[np.float32]:
        """(pairs,) float32 in [0, 1]. inputs1: queries. inputs2: documents, as many.

        Raises ModelError where the judge fails on a document: what was not judged must not count as irrelevant.
        """
        task = _prompt(task_metadata)
        pairs = zip(rows(inputs1), rows(inputs2), strict=True)
        scores = [
            score
            for _, group in groupby(pairs, key=lambda pair: _identity(pair[0]))
            for part in _parts(group)
            for score in self._scores(part, task)
        ]
        return np.array(scores, dtype=np.float32)

    def _scores(self, part: Sequence[_Pair], task: str | None) -> Iterator[float]:
        query = part[0][0]
        instruction = self._instruction or query.instruction or task
        judged = self._reranker.score(instruction, query.content, [document.content for _, document in part])
        for judgement in judged:
            if judgement.error is not None:
                raise ModelError(f"{self._reranker.name} failed on a document: {judgement.error}", param="reranker")
            yield judgement.score


def _parts(group: Iterator[_Pair]) -> Iterator[list[_Pair]]:
    part: list[_Pair] = []
    for pair in group:
        part.append(pair)
        if len(part) == _AT_A_TIME:
            yield part
            part = []
    if part:
        yield part


def _prompt(task_metadata: "TaskMetadata") -> str | None:
    prompt = task_metadata.prompt
    if isinstance(prompt, str):
        return prompt
    return None if prompt is None else str(prompt.get("query") or "") or None


def _identity(row: Row) -> tuple[str | None, str | None, bytes]:
    """What two rows share exactly when they are the same query; mteb decodes its picture again for each pair."""
    picture = b"" if row.image is None else hashlib.blake2b(row.image.tobytes(), digest_size=16).digest()
    return row.text, row.instruction, picture
