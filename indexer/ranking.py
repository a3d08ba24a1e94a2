"""What one channel answers to one query: items by id, best first."""

from typing import NamedTuple


class Placed(NamedTuple):
    """An item in a ranking. score: as its channel measures, comparable within one ranking only. key: the vector or
    passage that brought it there; 0 where it was the item's metadata."""

    id: str
    score: float
    key: int


Ranking = list[Placed]
