"""How far the loading of a model is, told to whoever waits for it. Knows no model and no terminal."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

Progress = Callable[[str, float], None]
"""Told what is being done, and which share of it is done, from 0 to 1. The last call says what it came to."""

T = TypeVar("T")


def nobody(what: str, share: float) -> None:
    """Nobody waits."""


class Counted(Iterable[T]):
    """Items that tell how many of them have been taken."""

    def __init__(self, items: Collection[T], what: str, progress: Progress) -> None:
        self._items = items
        self._what = what
        self._progress = progress

    def __iter__(self) -> Iterator[T]:
        for count, item in enumerate(self._items):
            self._progress(self._what, count / len(self._items))
            yield item
        self._progress(self._what, 1.0)
