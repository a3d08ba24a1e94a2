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
from evaluation.balance import verdicts
from evaluation.foreign_queries import FOREIGN
from evaluation.outcome import Judged, NearDuplicate, Outcome, outcome
from evaluation.pairs import Pair, Task
from evaluation.plan import Plan
from evaluation.result import Result
from evaluation.shelves import Shelves
from evaluation.sides import query
from evaluation.unanswerable import Foreign
from indexer import Encoder
from reranker import Reranker

CALIBRATED = (Pair("T", "I"), Pair("I", "T"))
CALIBRATED_LANGUAGES = ("en", "zh")
ASKED_FOREIGN = (Pair("T", "I"), Pair("T", "T"))


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
    with Shelves(data.items, encoder, reranker) as shelves:
        for task in todo:
            watcher.on_task(task)
            yield Result(
                task=task,
                candidates=plan.candidates,
                outcomes=tuple(_outcomes(task, data, shelves, plan, watcher)),
                verdicts=tuple(verdicts(task, data, shelves, watcher.on_step)) if is_calibrated(task) else (),
                foreign=tuple(_foreign(task, shelves, plan, watcher)),
            )


def steps(task: Task, queries: int) -> int:
    """How many steps the watcher will be told of."""
    return queries * (2 if is_calibrated(task) else 1) + len(foreign_queries(task))


def is_calibrated(task: Task) -> bool:
    return task.pair in CALIBRATED and task.language in CALIBRATED_LANGUAGES


def foreign_queries(task: Task) -> tuple[str, ...]:
    return FOREIGN[task.language] if task.pair in ASKED_FOREIGN and task.language else ()


def _outcomes(task: Task, data: EvaluationSet, shelves: Shelves, plan: Plan, watcher: Watcher) -> Iterator[Outcome]:
    for index in data.queries:
        item = data.items[index]
        found = _search(task, query(item, task), shelves, plan.candidates)
        yield outcome(item.id, _near_duplicates(item, data), found, plan)
        watcher.on_step()


def _foreign(task: Task, shelves: Shelves, plan: Plan, watcher: Watcher) -> Iterator[Foreign]:
    for text in foreign_queries(task):
        found = _search(task, Content(text=text), shelves, plan.depth)
        yield Foreign(text, max(one.score for one in found))
        watcher.on_step()


def _search(task: Task, content: Content, shelves: Shelves, candidates: int) -> list[Judged]:
    """All candidates in stage 1's order."""
    answer = shelves.engine(task).search(content, target=task.pair.target, candidates=candidates, top_k=candidates)
    for hit in answer.hits:
        if hit.error is not None:
            raise ModelError(
                f"stage 2 failed on {shelves.item_id(hit.id)} ({task.name}): {hit.error}", param="reranker"
            )
    by_stage1 = sorted(answer.hits, key=lambda hit: hit.retrieval.rank)
    return [Judged(shelves.item_id(hit.id), hit.score) for hit in by_stage1]


def _near_duplicates(item: CatalogueItem, data: EvaluationSet) -> dict[str, NearDuplicate]:
    """By id; kinds are told from the family's original, so nothing for a query that is none."""
    if item.kind != ORIGINAL:
        return {}
    family = [one for one in data.items if one.family == item.family and one.id != item.id]
    return {one.id: NearDuplicate(one.kind, has_held_out(one.scene, "test")) for one in family}
