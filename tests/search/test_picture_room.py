"""All requests together hold pictures within bounds, and each of them gets through."""

import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from support.stepping_reranker import SteppingReranker
from support.toy_service import base64_of, picture

from content import Content, Unreadable
from content.errors import Cancelled, DeadlineExceeded
from indexer.pictures import MOST_PIXELS
from search.intake import Given, Stored, may_have_picture
from search.patience import Patience
from search.picture_room import PictureRoom
from search.reading import AHEAD_PIXELS, READERS
from search.stage2 import STEPS_AT_DEVICE, judge
from search.worker import DeviceWorker

QUERY = Content(text="which?")
SIDE = 2000  # of a picture with MOST_PIXELS
ROOM = 8 * MOST_PIXELS
STEP = 3  # documents


@pytest.fixture
def worker():
    worker = DeviceWorker(64, PictureRoom(ROOM))
    yield worker
    worker.close()


class Gallery:
    """Gives out pictures, every second one small, and counts the pixels of those that are alive."""

    def __init__(self):
        self._lock = threading.Lock()
        self._alive = self.most = 0

    def read(self, keys):
        return [Content(image=self._picture(SIDE if key % 2 else SIDE // 10)) for key in keys]

    def _picture(self, side):
        self._count(side * side)
        image = Image.new("RGB", (side, side))
        weakref.finalize(image, self._count, -side * side)
        return image

    def _count(self, pixels):
        with self._lock:
            self._alive += pixels
            self.most = max(self.most, self._alive)


def judged(worker, read, count=12, patience=None, **more):
    with worker.lane(patience) as lane:
        return judge(lane, SteppingReranker(STEP), "judge", QUERY, range(count), read, **more)


def test_64_requests_with_pictures_hold_few_of_them_and_all_are_answered(worker):
    gallery = Gallery()
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda _: len(judged(worker, gallery.read)), range(64)))

    assert answers == [12] * 64
    # What one request needs at a time, beyond the room: read ahead, in a step that is prepared, and at the device.
    one = max(AHEAD_PIXELS, READERS * MOST_PIXELS) + (STEPS_AT_DEVICE + 2) * STEP * MOST_PIXELS
    assert gallery.most <= ROOM + one


def test_a_request_without_pictures_does_not_wait_for_those_that_have_some(worker):
    reading, opened = threading.Event(), threading.Event()

    def read_slowly(keys):
        reading.set()
        assert opened.wait(30)
        return Gallery().read(keys)

    def read(keys):
        return [Content(text="1") for _ in keys]

    with ThreadPoolExecutor(4) as pool:
        full = [pool.submit(judged, worker, read_slowly) for _ in range(4)]
        assert reading.wait(30)
        assert len(judged(worker, read, 40, Patience(20), may_have_picture=lambda key: False)) == 40
        opened.set()
        assert [len(each.result(30)) for each in full] == [12] * 4


@pytest.mark.parametrize("error", [Cancelled, DeadlineExceeded])
def test_a_caller_who_leaves_while_it_waits_for_room_is_gone_at_once(worker, error):
    patience = Patience(0.2 if error is DeadlineExceeded else None)
    read_so_far = []

    def read(keys):
        read_so_far.extend(keys)
        return Gallery().read(keys)

    with ThreadPoolExecutor(1) as pool, worker.pictures.guest(Patience()) as greedy:
        greedy.take(0, ROOM)
        waiting = pool.submit(judged, worker, read, 12, patience)
        if error is Cancelled:
            patience.cancel()
        with pytest.raises(error):
            waiting.result(30)
        assert read_so_far == []
    assert len(judged(worker, read)) == 12  # and nothing is left taken


def test_a_caller_who_leaves_while_pictures_are_read_costs_no_more_of_them(worker):
    patience, reading, opened = Patience(), threading.Event(), threading.Event()
    read_so_far = []

    def read(keys):
        read_so_far.extend(keys)
        reading.set()
        assert opened.wait(30)
        return Gallery().read(keys)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(judged, worker, read, 100, patience)
        assert reading.wait(30)
        patience.cancel()
        time.sleep(0.5)  # for the judge to have left; what readers have begun still waits
        opened.set()
        with pytest.raises(Cancelled):
            waiting.result(30)
    assert len(read_so_far) <= 2 * READERS


def test_the_first_guest_always_finds_room_and_the_others_when_it_has_gone():
    room = PictureRoom(10)
    with ThreadPoolExecutor(1) as pool, room.guest(Patience(30)) as second:
        with room.guest(Patience(30)) as first:
            first.take(0, 8)
            first.take(1, 8)
            assert not second.try_take(0, 4)
            waiting = pool.submit(second.take, 0, 4)
            first.let_go([1, 7])
            first.settle(0, 6)
            waiting.result(30)
            assert not second.try_take(1, 1)
        assert second.try_take(1, 99)


def test_what_may_have_a_picture():
    image = base64_of(picture("red"))
    assert [may_have_picture(source) for source in (Given("a"), Given("a", image), Stored("a"), Content("a"))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not may_have_picture(Unreadable("torn"))
