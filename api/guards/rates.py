"""How often a key has been used within the last minute. Kept in memory: a new process begins to count anew."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.guards.keys import ApiKey


class Rates:
    """Counts requests in any 60 seconds, so that nobody gets twice the limit around the turn of a minute."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, key: ApiKey) -> int:
        """0, and the request is counted; or in how many whole seconds there will be room for it."""
        if key.rate is None:
            return 0
        limit = RateLimitItemPerMinute(key.rate)
        return 0 if self._limiter.hit(limit, key.sha256) else self._until_room(limit, key.sha256)

    def _until_room(self, limit: RateLimitItemPerMinute, name: str) -> int:
        room = self._limiter.get_window_stats(limit, name).reset_time
        return max(1, math.ceil(room - time.time()))


class Brake:
    """For who guesses: so many failures in any 60 seconds for each client, and for all of them together."""

    def __init__(self, each: int, together: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._each = RateLimitItemPerMinute(each)
        self._together = RateLimitItemPerMinute(together)

    def is_on(self, client: str) -> bool:
        """Whether this client has to wait before it may try again."""
        together = self._limiter.test(self._together, "together")
        return not (together and self._limiter.test(self._each, "client", client))

    def failed(self, client: str) -> None:
        if self._limiter.hit(self._together, "together"):  # of no more clients than that is anything kept
            self._limiter.hit(self._each, "client", client)
