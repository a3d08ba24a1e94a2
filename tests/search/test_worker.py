"""One thread for the device, whatever happens on it."""

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from PIL import Image
from support.toy_encoder import ToyEncoder

from content.errors import Busy, Cancelled, DeadlineExceeded, NotReady
from search.patience import Patience
from search.shared_encoder import SharedEncoder
from search.worker import DeviceWorker


class Gate:
    """A call that waits on the device until it is let through, and so keeps all others waiting."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> str:
        self.reached.set()
        assert self.opened.wait(30)
        return "through"


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.opened.set()


def test_calls_give_what_they_return_on_one_thread_of_its_own(worker):
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda n: worker.run(lambda: (n, threading.get_ident())), range(50)))

    assert [n for n, _ in seen] == list(range(50))
    (thread,) = {thread for _, thread in seen}
    assert thread != threading.get_ident()


def test_calls_never_overlap(worker):
    running = []

    def call():
        running.append(True)
        assert len(running) == 1
        time.sleep(0.002)
        running.pop()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: worker.run(call), range(30)))
    assert running == []


def test_lanes_take_turns_however_much_waits_on_one_of_them(worker, gate):
    ran = []
    with worker.lane() as first, worker.lane() as long, worker.lane() as short:
        first.submit(gate)
        assert gate.reached.wait(30)
        futures = [long.submit(lambda n=n: ran.append(f"long {n}")) for n in range(4)]
        futures += [short.submit(lambda n=n: ran.append(f"short {n}")) for n in range(2)]
        gate.opened.set()
        for future in futures:
            future.result(30)

    assert ran == ["long 0", "short 0", "long 1", "short 1", "long 2", "long 3"]


def test_a_request_that_comes_while_a_call_of_another_runs_is_next(worker, gate):
    ran = []
    with worker.lane() as long:
        long.submit(gate)
        last = [long.submit(lambda n=n: ran.append(f"long {n}")) for n in range(3)][-1]
        assert gate.reached.wait(30)
        with worker.lane() as short:
            only = short.submit(lambda: ran.append("short"))
            gate.opened.set()
            only.result(30)
            last.result(30)

    assert ran == ["short", "long 0", "long 1", "long 2"]


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError("bug"),
        MemoryError("too much"),
        torch.OutOfMemoryError("CUDA out of memory"),
        SystemExit(1),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_call_that_fails_fails_its_caller_only(worker, gate, error):
    def fail():
        raise error

    with worker.lane() as lane, worker.lane() as other:
        lane.submit(gate)
        failing, next_of_its_lane, of_another = lane.submit(fail), lane.submit(int), other.submit(str)
        gate.opened.set()
        with pytest.raises(type(error)) as raised:
            lane.patience.wait(failing)
        assert raised.value is error
        assert (next_of_its_lane.result(30), of_another.result(10)) == (0, "")
    assert worker.run(lambda: "alive") == "alive"


def test_what_a_failed_call_held_is_let_go_of_with_its_error(worker):
    tensors = []

    def fail():
        tensor = torch.zeros(2)
        tensors.append(weakref.ref(tensor))
        raise RuntimeError("out of memory")

    gc.disable()  # what only a collection would free stays in the device's memory until there is one
    try:
        try:
            worker.run(fail)
        except RuntimeError as error:
            assert str(error) == "out of memory"  # noqa: PT017  # `pytest.raises` would hold it
        worker.run(int)  # the thread has forgotten its last call
        assert tensors[0]() is None
    finally:
        gc.enable()


def test_no_more_lanes_are_open_than_may_be(gate):
    worker = DeviceWorker(max_requests=2)
    with worker.lane() as lane, worker.lane():
        for refused in (lambda: worker.run(int), worker.check_room):
            with pytest.raises(Busy, match="2 requests"):
                refused()
        assert lane.run(int) == 0
    worker.check_room()
    assert worker.run(int) == 0
    worker.close()


def test_what_waits_on_a_lane_that_is_left_is_never_run(worker, gate):
    ran = []
    with worker.lane() as other:
        other.submit(gate)
        with pytest.raises(KeyboardInterrupt), worker.lane() as lane:  # noqa: PT012
            dropped = lane.submit(lambda: ran.append("dropped"))
            raise KeyboardInterrupt
        with pytest.raises(Cancelled):
            dropped.result(30)
        gate.opened.set()
        assert other.run(lambda: "alive") == "alive"
    assert ran == []


def test_what_waits_when_patience_ends_is_never_run(worker, gate):
    ran = []
    patience = Patience()
    with worker.lane() as other, worker.lane(patience) as lane:
        other.submit(gate)
        waiting = lane.submit(lambda: ran.append("too late"))
        patience.cancel()
        with pytest.raises(Cancelled):
            lane.submit(int)
        gate.opened.set()
        with pytest.raises(Cancelled):
            waiting.result(30)
        assert other.run(lambda: "alive") == "alive"
    assert ran == []


def test_a_caller_past_its_deadline_does_not_wait_for_a_call_that_hangs(worker, gate):
    with worker.lane(Patience(0.05)) as lane, pytest.raises(DeadlineExceeded):
        lane.run(gate)
    assert not gate.opened.is_set()
    gate.opened.set()
    assert worker.run(lambda: "alive") == "alive"


def test_a_closed_worker_refuses_and_those_who_wait_are_told(gate):
    worker = DeviceWorker()
    with ThreadPoolExecutor(2) as pool, worker.lane() as lane:
        running = pool.submit(worker.run, gate)
        assert gate.reached.wait(30)
        waiting = pool.submit(lane.patience.wait, lane.submit(lambda: "never"))
        worker.close()
        for caller in (waiting, running):  # the one whose call hangs on the device too
            with pytest.raises(NotReady):
                caller.result(30)
        with pytest.raises(NotReady):
            lane.submit(int)
        gate.opened.set()
    for late in (lambda: worker.run(int), worker.check_room, lambda: worker.lane().__enter__()):
        with pytest.raises(NotReady):
            late()
    worker.close()


def test_a_shared_encoder_is_the_encoder_on_the_workers_thread(worker):
    threads = []

    class Watched(ToyEncoder):
        def encode_texts(self, texts):
            threads.append(threading.get_ident())
            return super().encode_texts(texts)

    texts, pictures = ["red", "a mug", "blue"], [Image.new("RGB", (2, 2), (0, 0, blue)) for blue in (255, 0, 9)]
    plain = ToyEncoder()
    with worker.lane() as lane:
        shared = SharedEncoder(Watched(), lane, batch_size=2)
        assert (shared.encode_texts(texts) == plain.encode_texts(texts)).all()
        assert threads == [worker.run(threading.get_ident)] * 2
        assert (shared.encode_images(pictures) == plain.encode_images(pictures)).all()
        assert shared.encode_images([]).shape == shared.encode_texts([]).shape == (0, plain.dimension)
    assert (shared.name, shared.dimension, shared.fingerprint, shared.max_text_tokens) == (
        plain.name, plain.dimension, plain.fingerprint, plain.max_text_tokens,
    )  # fmt: skip
