"""The balanced pairs that calibration is measured on: for every query its match and one document that is none."""

import random
from collections.abc import Callable, Sequence

from content.errors import ModelError
from demo.catalogue import CatalogueItem, EvaluationSet
from evaluation.demo.collections import Collections, stored_id
from evaluation.demo.pairs import Task
from evaluation.demo.sides import query
from measures.calibration import Verdict
from reranker.instructions import resolve


def verdicts(task: Task, data: EvaluationSet, collections: Collections, on_query: Callable[[], None]) -> list[Verdict]:
    """Two verdicts for each query, the match first. Raises ModelError when stage 2 fails on a document."""
    collection = collections.engine(task).collection
    found = []
    for number, index in enumerate(data.queries):
        item = data.items[index]
        pair = (item, non_match(data.items, item, near=number % 2 == 0))
        documents = collection.documents([stored_id(one.id) for one in pair])
        asked = query(item, task)
        # As the engine asks: in the default words for this kind of query.
        judged = collections.reranker.score(resolve(None, asked, task.pair.target), asked, documents)
        for document, one in zip(pair, judged, strict=True):
            if one.error is not None:
                raise ModelError(f"stage 2 failed on {document.id} ({task.name}): {one.error}", param="reranker")
        found += [Verdict(match, one.score) for match, one in zip((True, False), judged, strict=True)]
        on_query()
    return found


def non_match(items: Sequence[CatalogueItem], item: CatalogueItem, *, near: bool) -> CatalogueItem:
    """An item other than `item`, drawn by its id: of its family if `near` and it has one, else of another family."""
    family = [one for one in items if one.family == item.family and one.id != item.id]
    strangers = [one for one in items if one.family != item.family]
    return random.Random(f"non-match|{item.id}").choice(family if near and family else strangers or family)
