"""How many pixels of decoded pictures all requests hold together. Knows nothing of how they are read or what for."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final

from search.patience import Patience

PIXELS: Final = 128_000_000  # 384 MB


class Guest:
    """One request in the room. Its pictures are counted from their first `take` until it is told that they are gone."""

    def __init__(self, room: "PictureRoom", patience: Patience) -> None:
        self._room = room
        self.patience = patience
        self.held: dict[int, int] = {}  # place -> pixels; the room's, under its lock

    def try_take(self, place: int, pixels: int) -> bool:
        """Counts the picture at a place from now on, if there is room for it."""
        return self._room.seat(self, place, pixels) is None

    def take(self, place: int, pixels: int) -> None:
        """As `try_take`, and waits until there is room. Raises as `Patience.check` does."""
        while (freed := self._room.seat(self, place, pixels)) is not None:
            self.patience.wait(freed)

    def settle(self, place: int, pixels: int) -> None:
        """What was taken for a picture that nobody had seen yet turned out to be no more than this."""
        if pixels < self.held.get(place, 0):
            self._room.free(self, {place: pixels})

    def let_go(self, places: Iterable[int]) -> None:
        """The pictures at these places, where there are any, are held no longer."""
        self._room.free(self, dict.fromkeys(self.held.keys() & set(places), 0))


class PictureRoom:
    """Room for a number of pixels. The guest that came first is let have more than that, so that one always goes on:
    all together hold `pixels` and what a single one needs at a time. Whoever has no pictures never waits."""

    def __init__(self, pixels: int = PIXELS) -> None:
        self._pixels = pixels
        self._lock = threading.Lock()
        self._guests: list[Guest] = []  # the one that came first first
        self._waiting: list[Future[None]] = []
        self._held = 0

    @contextmanager
    def guest(self, patience: Patience) -> Iterator[Guest]:
        """A guest until the end of the block, when all that it held is let go."""
        guest = Guest(self, patience)
        try:
            yield guest
        finally:
            self._leave(guest)

    def seat(self, guest: Guest, place: int, pixels: int) -> Future[None] | None:
        """For guests: None where there was room; else what is done when there may be some, to ask again then."""
        with self._lock:
            if not pixels:
                return None
            if guest not in self._guests:
                self._guests.append(guest)
            if guest is self._guests[0] or self._held + pixels <= self._pixels:
                guest.held[place] = pixels
                self._held += pixels
                return None
            self._waiting.append(Future())
            return self._waiting[-1]

    def free(self, guest: Guest, left: dict[int, int]) -> None:
        """For guests. left: the pixels that are still held at each of these places."""
        with self._lock:
            for place, pixels in left.items():
                self._held -= guest.held.pop(place) - pixels
                if pixels:
                    guest.held[place] = pixels
            woken = self._woken()
        _wake(woken)

    def _leave(self, guest: Guest) -> None:
        with self._lock:
            if guest not in self._guests:
                return
            self._guests.remove(guest)
            self._held -= sum(guest.held.values())
            guest.held.clear()
            woken = self._woken()
        _wake(woken)

    def _woken(self) -> list[Future[None]]:
        waiting, self._waiting = self._waiting, []
        return waiting


def _wake(waiting: list[Future[None]]) -> None:
    for each in waiting:
        each.set_result(None)
