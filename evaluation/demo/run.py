"""The embedded default judged on scenes it has never seen: stage 1 beside stage 2, whatever stands on either side.

Every place and every hit comes from `SearchEngine.search`, the path that a user's query takes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from content import Content
from content.errors import ModelError
from demo.catalogue import CatalogueItem, EvaluationSet
from demo.catalogue.family import ORIGINAL
from demo.catalogue.split import has_held_out
from evaluation.demo.calibration_pairs import verdicts
from evaluation.demo.collections import Collections
from evaluation.demo.foreign_queries import FOREIGN_QUERIES
from evaluation.demo.outcome import ForeignOutcome, Judged, NearDuplicate, Outcome, outcome
from evaluation.demo.pairs import Pair, Task
from evaluation.demo.plan import Plan
from evaluation.demo.result import Result
from evaluation.demo.sides import query
from indexer import Encoder
from reranker import Reranker

CALIBRATED = (Pair("T", "I"), Pair("I", "T"))
CALIBRATED_LANGUAGES = ("en", "zh")
VECTORS = {"words": 0}  # stage 1's other channels: the demo shows what an encoder takes for the same
FOREIGN_PAIRS = (Pair("T", "I"), Pair("T", "T"))


@dataclass(frozen=True, slots=True)
class Watcher:
    """Told of every task that begins, and of every step of it."""

    on_task: Callable[[Task], None]
    on_step: Callable[[], None]


def evaluate(
    todo: list[Task], data: EvaluationSet, encoder: Encoder, reranker: Reranker, plan: Plan, watcher: Watcher
) -> Iterator[Result]:
    """One result for each task, in their order.

    Raises ModelError when stage 2 fails on a document: what was not judged must not count as silent.
    """
    with Collections(data.items, encoder, reranker) as collections:
        for task in todo:
            watcher.on_task(task)
            yield Result(
                task=task,
                candidates=plan.candidates,
                outcomes=tuple(_outcomes(task, data, collections, plan, watcher)),
                verdicts=tuple(verdicts(task, data, collections, watcher.on_step)) if is_calibrated(task) else (),
                foreign=tuple(_foreign(task, collections, plan, watcher)),
            )


def steps(task: Task, queries: int) -> int:
    """How many steps the watcher will be told of."""
    return queries * (2 if is_calibrated(task) else 1) + len(foreign_texts(task))


def is_calibrated(task: Task) -> bool:
    return task.pair in CALIBRATED and task.language in CALIBRATED_LANGUAGES


def foreign_texts(task: Task) -> tuple[str, ...]:
    return FOREIGN_QUERIES[task.language] if task.pair in FOREIGN_PAIRS and task.language else ()


def _outcomes(
    task: Task, data: EvaluationSet, collections: Collections, plan: Plan, watcher: Watcher
) -> Iterator[Outcome]:
    for index in data.queries:
        item = data.items[index]
        found = judged(task, query(item, task), collections, plan.candidates)
        yield outcome(item.id, _near_duplicates(item, data), found, plan)
        watcher.on_step()


def _foreign(task: Task, collections: Collections, plan: Plan, watcher: Watcher) -> Iterator[ForeignOutcome]:
    for text in foreign_texts(task):
        found = judged(task, Content(text=text), collections, plan.depth)
        yield ForeignOutcome(text, max(one.score for one in found))
        watcher.on_step()


def judged(task: Task, content: Content, collections: Collections, candidates: int) -> list[Judged]:
    """All candidates in stage 1's order. Raises ModelError when stage 2 fails on one."""
    answer = collections.engine(task).search(
        content, target=task.pair.target, channels=VECTORS, candidates=candidates, top_k=candidates
    )
    for hit in answer.hits:
        if hit.error is not None:
            raise ModelError(
                f"stage 2 failed on {collections.item_id(hit.id)} ({task.name}): {hit.error}", param="reranker"
            )
    by_stage1 = sorted(answer.hits, key=lambda hit: hit.retrieval.rank)
    return [Judged(collections.item_id(hit.id), hit.score) for hit in by_stage1]


def _near_duplicates(item: CatalogueItem, data: EvaluationSet) -> dict[str, NearDuplicate]:
    """By id; kinds are told from the family's original, so nothing for a query that is none."""
    if item.kind != ORIGINAL:
        return {}
    family = [one for one in data.items if one.family == item.family and one.id != item.id]
    return {one.id: NearDuplicate(one.kind, has_held_out(one.scene, "test")) for one in family}
