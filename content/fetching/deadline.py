"""The one moment at which everything done for a picture has to be over. Knows nothing of what is done."""

from time import monotonic

from content.errors import UrlFailed


class Deadline:
    """Begins when it is made. seconds: how long it leaves."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than 0. Raises UrlFailed when there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> UrlFailed:
        return UrlFailed(f"the picture behind the URL did not come within {self._seconds:g} s")
