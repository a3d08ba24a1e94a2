"""Cuts of searches that run: a slider that is moved meanwhile counts from the next moment on. Knows no answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.page.search.wish import Cuts


@dataclass(slots=True)
class Live:
    """cuts: as the visitor wants them now."""

    cuts: Cuts


class LiveCuts:
    """One for each open page with a search that runs."""

    def __init__(self) -> None:
        self._live: dict[str, Live] = {}
        self._lock = threading.Lock()

    @contextmanager
    def begun(self, session: str, cuts: Cuts) -> Iterator[Live]:
        """For the time of a search; a newer one takes its place."""
        live = Live(cuts)
        with self._lock:
            self._live[session] = live
        try:
            yield live
        finally:
            with self._lock:
                if self._live.get(session) is live:
                    del self._live[session]

    def change(self, session: str, cuts: Cuts) -> bool:
        """Whether there is a search that heeds it."""
        with self._lock:
            live = self._live.get(session)
            if live is not None:
                live.cuts = cuts
        return live is not None
