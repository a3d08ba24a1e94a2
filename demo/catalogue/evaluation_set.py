"""The held-out items and the queries among them on which both stages are judged."""

from dataclasses import dataclass

from demo.catalogue.family import ORIGINAL
from demo.catalogue.item import CatalogueItem, generate


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """queries: indices into `items`; each stands for itself, so the right answer to query q is items[q]."""

    items: list[CatalogueItem]
    queries: list[int]


def evaluation_set(items: int = 2000, queries: int = 500, seed: int = 1000) -> EvaluationSet:
    """Families of the test split whose originals show a pair of shape and colour that no training scene shows.

    Queries are originals first, so that each has its near-duplicates among the items. No two items are the same scene,
    and wordings 0 to 3 name everything, so that exactly one item is right.
    """
    found = list(generate("test", items, seed, held_out=True))
    order = sorted(range(len(found)), key=lambda i: (found[i].kind != ORIGINAL, i))
    return EvaluationSet(found, sorted(order[:queries]))
