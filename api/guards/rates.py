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
        if self._limiter.hit(limit, key.sha256):
            return 0
        room = self._limiter.get_window_stats(limit, key.sha256).reset_time
        return max(1, math.ceil(room - time.time()))
