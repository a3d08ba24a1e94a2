"""Work that a visitor watches and may stop. It runs on a thread of its own, and whoever shows it takes its latest news.
Knows nothing of what is done."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from content.errors import Cancelled
from search.patience import Patience

_EVERY_S = 0.12  # more news than eight times a second is for nobody's eyes

News = TypeVar("News")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """The last of what `follow` gives."""

    result: Result


def follow(work: Callable[[Callable[[News], None]], Result]) -> Iterator[News | Done[Result]]:
    """What `work` tells, the first at once and then the latest a few times a second, and at the end its result.

    work: called with what it is to tell its news to. Raises what it raises. Close the iterator and nobody listens any
    more; the work itself ends when its patience does.
    """
    latest: list[News] = []
    woken = threading.Event()
    outcome: Future[Result] = Future()

    def tell(news: News) -> None:
        latest[:] = [news]
        woken.set()

    def run() -> None:
        try:
            result = work(tell)
        except BaseException as error:  # noqa: BLE001  # it is raised where the outcome is asked for
            outcome.set_exception(error)
        else:
            outcome.set_result(result)
        woken.set()

    threading.Thread(target=run, name="page-work", daemon=True).start()
    while not outcome.done():
        woken.wait()
        woken.clear()
        if latest and not outcome.done():
            yield latest.pop()
            if not outcome.done():
                threading.Event().wait(_EVERY_S)
    yield Done(outcome.result())


class Replaced(Cancelled):
    """The same visitor has begun a newer work of the kind, which says what there is to say."""


class Runs:
    """What runs for whom: one work of each kind for each open page, so that a new one takes the place of the old."""

    def __init__(self, seconds: float) -> None:
        """seconds: after which a work is given up; 0 for never."""
        self._seconds = seconds or None
        self._running: dict[tuple[str, str], Patience] = {}
        self._lock = threading.Lock()

    @contextmanager
    def begun(self, session: str, kind: str, *, seconds: float | None = None) -> Iterator[Patience]:
        """The patience for a work that runs within the block; it is over when the block ends, however it ends.

        seconds: in place of those that all works have.
        """
        patience = Patience(seconds or self._seconds)
        with self._lock:
            former = self._running.get((session, kind))
            self._running[session, kind] = patience
        if former is not None:
            former.give_up(Replaced("a newer one has taken its place"))
        try:
            yield patience
        finally:
            patience.cancel()
            with self._lock:
                if self._running.get((session, kind)) is patience:
                    del self._running[session, kind]

    def stop(self, session: str, kind: str) -> None:
        """Calls the work off, if there is one."""
        with self._lock:
            patience = self._running.get((session, kind))
        if patience is not None:
            patience.cancel()

    def leave(self, session: str) -> None:
        """The page was closed: all its works are called off."""
        with self._lock:
            left = [patience for (owner, _), patience in self._running.items() if owner == session]
        for patience in left:
            patience.cancel()
