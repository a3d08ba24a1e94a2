"""How long somebody waits for an answer, and whether they still do. Knows nothing of what is computed."""

from concurrent.futures import FIRST_COMPLETED, Future, InvalidStateError, wait
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

from content.errors import Cancelled, DeadlineExceeded, LycheeError

T = TypeVar("T")


class Patience:
    """One caller's deadline, and the sign that there will be no answer; both may be asked for and set on any thread.

    seconds: from now until the deadline; None sets none.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._deadline = None if seconds is None else monotonic() + seconds
        self._over: Future[LycheeError] = Future()  # not an Event: `wait` can wait for this and for a result at once

    def cancel(self) -> None:
        """The caller has left. Wakes whoever waits; calling it twice is harmless."""
        self.give_up(Cancelled("the request was cancelled before it was answered"))

    def give_up(self, error: LycheeError) -> None:
        """There will be no answer but this error. Wakes whoever waits; what came first counts."""
        with suppress(InvalidStateError):
            self._over.set_result(error)

    def check(self) -> None:
        """Raises Cancelled when the caller has left, what it was given up with, or DeadlineExceeded when it is too late
        for an answer."""
        if self._over.done():
            reason = self._over.result()
            raise type(reason)(reason.message)  # a new one: an error that is raised keeps all that its raiser held
        if self._deadline is not None and monotonic() >= self._deadline:
            raise DeadlineExceeded(f"this took longer than the {self._seconds:g} s that a request may take")

    def wait(self, future: Future[T]) -> T:
        """What the future comes to, as soon as it does. Raises what `future` raises, and as `check` does."""
        either: tuple[Future[Any], ...] = (future, self._over)
        while not future.done():
            self.check()
            remaining = None if self._deadline is None else max(0.0, self._deadline - monotonic())
            wait(either, remaining, FIRST_COMPLETED)
        try:
            return future.result()
        finally:
            del future, either  # or the traceback of its error would keep it, and with it all that the failed call held
