"""Stage 2 as requests share it: side by side, in bounded memory, and no longer than somebody waits for it."""

import statistics
import threading
import time
import weakref
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import torch
from PIL import Image
from support.stepping_reranker import SteppingReranker
from support.toy_service import base64_of, half_a_picture, picture

from content import Content
from content.errors import Cancelled, DeadlineExceeded, NotReady
from content.payload import read_document
from search.patience import Patience
from search.reading import AHEAD, READERS
from search.stage2 import STEPS_AT_DEVICE, judge

QUERY = Content(text="which?")


class Tracked(Content):
    """With a place for weak references."""


def numbers(keys):
    return [Content(text=str(key)) for key in keys]


def judged(worker, reranker, count, patience=None, read=numbers):
    with worker.lane(patience) as lane:
        return judge(lane, reranker, "judge", QUERY, range(count), read)


def no_reader_is_left():
    return not any(thread.name.startswith("read") for thread in threading.enumerate())


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 100])
@pytest.mark.parametrize("size", [1, 3, 200])
def test_every_document_gets_its_own_judgement(worker, count, size):
    judgements = judged(worker, SteppingReranker(size), count)

    assert [each.score for each in judgements] == list(range(count))
    assert no_reader_is_left()


def test_one_document_does_not_wait_behind_five_hundred(worker):
    """In real time, of which a busy machine may take some for itself: so there are three attempts."""
    assert any(_p95_beside_five_hundred(worker) < 3 for _ in range(3))


def _p95_beside_five_hundred(worker):
    """Of the time that a request with one document takes, in steps."""
    patience = Patience()
    times = {"step": [], "request": []}

    def timed(kind, call, *arguments):
        begin = time.perf_counter()
        call(*arguments)
        times[kind].append(time.perf_counter() - begin)

    long = SteppingReranker(on_run=lambda _: timed("step", time.sleep, 0.05))
    short = SteppingReranker(on_run=long.on_run)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(judged, worker, long, 500, patience)
        while not long.ran:
            time.sleep(0.001)
        for _ in range(20):
            timed("request", judged, worker, short, 1)
        patience.cancel()
        with pytest.raises(Cancelled):
            running.result(30)
    return sorted(times["request"])[18] / statistics.median(times["step"])


def test_the_next_steps_are_prepared_while_one_runs(worker):
    prepared_ahead = threading.Event()

    def prepare(number):
        if number == STEPS_AT_DEVICE:
            prepared_ahead.set()

    def run(number):
        assert number > 0 or prepared_ahead.wait(30)

    assert len(judged(worker, SteppingReranker(2, prepare, run), 20)) == 20


def test_few_documents_are_in_memory_however_many_there_are(worker):
    alive = weakref.WeakSet()
    most = 0
    lock = threading.Lock()

    def read(keys):
        nonlocal most
        documents = [Tracked(text=str(key)) for key in keys]
        with lock:
            alive.update(documents)
            most = max(most, len(alive))
        return documents

    size = 8
    slow = SteppingReranker(size, on_run=lambda _: time.sleep(0.001))
    assert len(judged(worker, slow, 1000, read=read)) == 1000
    # At the device, being prepared, waiting to be read out, and what the threads are at.
    assert most <= (STEPS_AT_DEVICE + 2) * size + AHEAD + READERS + 2


def test_large_pictures_are_read_no_further_ahead_than_there_are_readers(worker):
    alive = []
    most = 0
    lock = threading.Lock()

    def read(keys):
        nonlocal most
        documents = [Tracked(image=Image.new("RGB", (5000, 2000))) for _ in keys]
        with lock:
            alive.extend(map(weakref.ref, documents))
            most = max(most, sum(document() is not None for document in alive))
        return documents

    slow = SteppingReranker(1, on_run=lambda _: time.sleep(0.02))
    assert len(judged(worker, slow, 30, read=read)) == 30
    assert most <= STEPS_AT_DEVICE + 2 + READERS + 2


def test_documents_that_were_judged_are_let_go_of_before_the_next_are_prepared(worker):
    alive = weakref.WeakSet()

    def read(keys):
        documents = [Tracked(text=str(key)) for key in keys]
        alive.update(documents)
        return documents

    def prepare(number):
        deadline = time.monotonic() + 30  # the worker needs a moment to run them, and to forget its last call
        while any(int(document.text) < number * size for document in list(alive)):
            assert time.monotonic() < deadline
            time.sleep(0.001)

    size = 4
    assert len(judged(worker, SteppingReranker(size, prepare), 5 * size, read=read)) == 5 * size


@pytest.mark.parametrize(
    "error", [RuntimeError("bug"), MemoryError("too much"), torch.OutOfMemoryError("CUDA out of memory")]
)
def test_a_step_that_fails_fails_its_request_only(worker, error):
    def fail(number):
        if number == 2:
            raise error

    failing, sound = SteppingReranker(on_run=fail), SteppingReranker(on_run=lambda _: time.sleep(0.001))
    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(judged, worker, sound, 50)
        with pytest.raises(type(error)):
            judged(worker, failing, 50)
        assert len(other.result(30)) == 50
    assert len(failing.ran) <= 3 + STEPS_AT_DEVICE
    assert no_reader_is_left()
    assert len(judged(worker, sound, 1)) == 1


def test_a_picture_that_cannot_be_decoded_fails_alone_in_the_middle_of_a_request(worker):
    torn, whole = base64_of(half_a_picture()), base64_of(picture("red"))

    def read(keys):
        return [read_document(None, torn if key == 17 else whole) for key in keys]

    judgements = judged(worker, SteppingReranker(3), 40, read=read)

    assert [each.score for each in judgements] == [0.5] * 17 + [0.0] + [0.5] * 22
    assert [place for place, each in enumerate(judgements) if each.error] == [17]


def test_an_error_of_reading_ends_the_request_and_its_threads(worker):
    def read(keys):
        if 40 in keys:
            raise OSError("the disk is gone")
        return numbers(keys)

    with pytest.raises(OSError, match="the disk is gone"):
        judged(worker, SteppingReranker(), 1000, read=read)
    assert no_reader_is_left()
    assert len(judged(worker, SteppingReranker(), 1)) == 1


def test_a_caller_who_leaves_stops_the_work(worker):
    patience = Patience()
    read_so_far = []

    def run(number):
        if number == 3:
            patience.cancel()

    def read(keys):
        read_so_far.extend(keys)
        return numbers(keys)

    reranker = SteppingReranker(on_run=run)
    with pytest.raises(Cancelled):
        judged(worker, reranker, 1000, patience, read)

    assert worker.run(lambda: "alive") == "alive"  # and what was submitted before this has had its turn
    assert reranker.ran == [0, 1, 2, 3]
    assert len(read_so_far) < 100
    assert no_reader_is_left()


def test_the_deadline_stops_the_work(worker):
    patience = Patience(0.05)

    def run(_):
        with pytest.raises(DeadlineExceeded):
            patience.wait(Future())  # until it is too late

    reranker = SteppingReranker(on_run=run)
    with pytest.raises(DeadlineExceeded):
        judged(worker, reranker, 1000, patience)

    assert worker.run(lambda: "alive") == "alive"
    assert len(reranker.ran) <= 1
    assert no_reader_is_left()


def test_an_interrupt_on_the_callers_thread_drops_what_waits(worker):
    caller_has_gone = threading.Event()

    def prepare(number):
        if number == STEPS_AT_DEVICE:
            raise KeyboardInterrupt

    reranker = SteppingReranker(on_prepare=prepare, on_run=lambda _: caller_has_gone.wait(30))
    with pytest.raises(KeyboardInterrupt):
        judged(worker, reranker, 1000)
    caller_has_gone.set()

    assert worker.run(lambda: "alive") == "alive"
    assert len(reranker.ran) <= 1
    assert no_reader_is_left()


def test_closing_the_worker_tells_who_waits(worker):
    running, opened = threading.Event(), threading.Event()

    def run(_):
        running.set()
        assert opened.wait(30)

    reranker = SteppingReranker(on_run=run)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(judged, worker, reranker, 100)
        assert running.wait(30)
        worker.close()
        opened.set()
        with pytest.raises(NotReady):
            waiting.result(30)
    assert reranker.ran == [0]
    assert no_reader_is_left()
