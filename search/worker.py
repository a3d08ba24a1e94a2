"""The one thread that owns the device, and the lanes on which requests come to it. Knows nothing of what they run."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from content.errors import Busy, Cancelled, LycheeError, NotReady
from search.patience import Patience
from search.picture_room import PictureRoom

T = TypeVar("T")

MAX_REQUESTS = 64


class Lane:
    """One request's way to the device. Its calls run in their order, those of different lanes in turn.

    patience: once it is over, the lane's calls are not run any more. pictures: where those that the request holds are
    counted with those of all others.
    """

    def __init__(self, worker: "DeviceWorker", patience: Patience) -> None:
        self._worker = worker
        self.patience = patience
        self.pictures = worker.pictures
        self.waiting: deque[tuple[Callable[[], Any], Future[Any]]] = deque()  # the worker's, under its lock

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """What `call` will have come to when its turn was; NotReady, where the worker is closed before that.

        Raises NotReady after the worker was closed, and as `Patience.check` does.
        """
        self.patience.check()
        return self._worker.enqueue(self, call)

    def run(self, call: Callable[[], T]) -> T:
        """What `call` returns or raises. Raises as `submit` does."""
        return self.patience.wait(self.submit(call))


class DeviceWorker:
    """Runs model calls one at a time, whatever threads they come from. The lane that was served longest ago is next, so
    a new request waits for the call that runs and for one call of each other lane, however many those still have.

    max_requests: lanes that may be open at a time. A call that fails, however badly, fails its own caller only.
    pictures: what all requests may hold; None has room for as many as this project thinks right.
    """

    def __init__(self, max_requests: int = MAX_REQUESTS, pictures: PictureRoom | None = None) -> None:
        self._max_requests = max_requests
        self.pictures = pictures or PictureRoom()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="device")
        self._lock = threading.Lock()
        self._lanes: list[Lane] = []  # the one served longest ago first
        self._closed = False

    @contextmanager
    def lane(self, patience: Patience | None = None) -> Iterator[Lane]:
        """A lane of its own; what still waits on it at the end of the block, however that ends, is never run.

        Raises Busy when too many are open, NotReady after `close`.
        """
        lane = Lane(self, patience or Patience())
        with self._lock:
            self._check_room()
            self._lanes.append(lane)
        try:
            yield lane
        finally:
            with self._lock:
                self._lanes.remove(lane)
                dropped = _taken(lane)
            _drop(dropped, Cancelled("the lane was closed before this call had its turn"))

    @property
    def open_lanes(self) -> int:
        """How many requests use the device or wait for it."""
        return len(self._lanes)

    @property
    def max_requests(self) -> int:
        return self._max_requests

    def run(self, call: Callable[[], T]) -> T:
        """What `call` returns or raises, on a lane of its own. Raises as `lane` does."""
        with self.lane() as lane:
            return lane.run(call)

    def check_room(self) -> None:
        """Raises as `lane` would just now."""
        with self._lock:
            self._check_room()

    def enqueue(self, lane: Lane, call: Callable[[], T]) -> Future[T]:
        """For lanes: they know how their caller waits."""
        future: Future[T] = Future()
        with self._lock:
            self._check_open()
            if lane not in self._lanes:
                raise Cancelled("this lane was closed; open another one for another request")
            self._executor.submit(self._turn)  # needs the lock first, so it finds the call
            lane.waiting.append((call, future))
        return future

    def close(self) -> None:
        """Takes no more calls and drops those that have not begun. Does not wait for the one that runs, and neither
        does its caller any more."""
        with self._lock:
            self._closed = True
            given_up = [lane.patience for lane in self._lanes]
            dropped = [entry for lane in self._lanes for entry in _taken(lane)]
        for patience in given_up:
            patience.give_up(_closed())
        _drop(dropped, _closed())
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _turn(self) -> None:
        """Runs one call, if there is one: there are as many turns as calls were submitted, and some were dropped."""
        with self._lock:
            lane = next((each for each in self._lanes if each.waiting), None)
            if lane is None:
                return
            call, future = lane.waiting.popleft()
        _run(call, future, lane.patience)
        del call, future  # or the traceback of an error, which the future keeps, would keep both
        with self._lock:
            # Only now, not when its call began: so a lane that came meanwhile goes before this one's next call.
            if lane in self._lanes:
                self._lanes.remove(lane)
                self._lanes.append(lane)

    def _check_open(self) -> None:
        if self._closed:
            raise _closed()

    def _check_room(self) -> None:
        self._check_open()
        if len(self._lanes) >= self._max_requests:
            raise Busy(f"{self._max_requests} requests are waiting for the models already; send this one again later")


def _run(call: Callable[[], T], future: Future[T], patience: Patience) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        patience.check()
        result = call()
    except BaseException as error:  # noqa: BLE001  # it is the caller's, whatever it is, and the thread lives on
        future.set_exception(error)
    else:
        future.set_result(result)
    finally:
        del call, future  # as above: tensors of a failed pass must not outlive its caller's interest


def _taken(lane: Lane) -> list[tuple[Callable[[], Any], Future[Any]]]:
    """All that waits on a lane, which is then nobody else's to run or to drop."""
    taken = list(lane.waiting)
    lane.waiting.clear()
    return taken


def _drop(entries: list[tuple[Callable[[], Any], Future[Any]]], error: LycheeError) -> None:
    for _, future in entries:
        if future.set_running_or_notify_cancel():
            future.set_exception(error)


def _closed() -> NotReady:
    return NotReady("the models have been closed; open the engine or the service again")
