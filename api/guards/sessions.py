"""Who has opened the page with a key: the browser holds a token, and this process what it stands for. Knows nothing of
requests, and neither keys nor tokens but by their digests."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from api.guards.key_ring import KeyRing
from api.guards.keys import ApiKey, digest

LASTS_S: Final = 12 * 3600
_MOST: Final = 10_000


class Sessions:
    """Kept in memory: a new process asks for the key again. When there are too many, the oldest ends.

    Meant for one thread, the event loop's, as its ring is.
    """

    def __init__(self, ring: KeyRing, *, most: int = _MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self.ring = ring
        self._most = most
        self._clock = clock
        self._begun: OrderedDict[str, tuple[str, float]] = OrderedDict()  # token's digest -> key's digest, its end

    def begin(self, secret: str) -> str | None:
        """A token for whoever knows the key; None where it is none of this server's. Raises NotReady."""
        key = self.ring.find(secret)
        if key is None:
            return None
        token = secrets.token_urlsafe(32)
        self._begun[digest(token)] = (key.sha256, self._clock() + LASTS_S)
        while len(self._begun) > self._most:
            self._begun.popitem(last=False)
        return token

    def find(self, token: str) -> ApiKey | None:
        """The key that the session began with, as it is now; None where either is over. Raises NotReady."""
        key_digest, until = self._begun.get(digest(token), ("", 0.0))
        if not key_digest:
            return None
        key = self.ring.find_digest(key_digest)
        if key is None or self._clock() >= until:
            self.end(token)
            return None
        return key

    def end(self, token: str) -> None:
        self._begun.pop(digest(token), None)
