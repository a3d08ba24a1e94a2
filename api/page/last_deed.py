"""What was done last on each open page, so that its code can be shown again. Knows no language of code."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_PAGES: Final = 200
_CHARACTERS: Final = 100_000  # of one body: more is nothing that anybody would copy by hand


@dataclass(frozen=True, slots=True)
class Deed:
    """A request to a route of this server."""

    path: str
    body: Mapping[str, Any]


class LastDeeds:
    """The last of each session, of the latest sessions only; safe to use from several threads."""

    def __init__(self, pages: int = _PAGES, characters: int = _CHARACTERS) -> None:
        """pages: how many sessions are remembered. characters: those of the longest body that is."""
        self._pages = pages
        self._characters = characters
        self._deeds: OrderedDict[str, Deed] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, session: str, deed: Deed) -> None:
        """In place of the session's former one; one that is too long is not kept, and neither is the former."""
        with self._lock:
            self._deeds.pop(session, None)
            if session and len(repr(deed.body)) <= self._characters:
                self._deeds[session] = deed
            while len(self._deeds) > self._pages:
                self._deeds.popitem(last=False)

    def of(self, session: str) -> Deed | None:
        """None where nothing is remembered."""
        with self._lock:
            return self._deeds.get(session)
