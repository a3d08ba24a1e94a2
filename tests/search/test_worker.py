"""One thread for the device, whatever happens on it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from support.toy_encoder import ToyEncoder

from content.errors import NotReady
from search.shared_encoder import SharedEncoder
from search.worker import DeviceWorker


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


def test_a_call_that_fails_fails_its_caller_only(worker):
    with pytest.raises(ZeroDivisionError):
        worker.run(lambda: 1 / 0)
    assert worker.run(lambda: "alive") == "alive"


def test_a_closed_worker_refuses_and_those_who_wait_are_told():
    worker = DeviceWorker()
    started, finish = threading.Event(), threading.Event()

    def long_call():
        started.set()
        finish.wait(10)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(worker.run, long_call)
        assert started.wait(10)
        waiting = pool.submit(worker.run, lambda: "never")
        while worker._executor._work_queue.empty():
            time.sleep(0.001)
        worker.close()
        with pytest.raises(NotReady):
            waiting.result(10)
        finish.set()
        assert running.result(10) == "done"
    with pytest.raises(NotReady):
        worker.run(lambda: "late")


def test_a_shared_encoder_is_the_encoder_on_the_workers_thread(worker):
    threads = []

    class Watched(ToyEncoder):
        def encode_texts(self, texts):
            threads.append(threading.get_ident())
            return super().encode_texts(texts)

    plain, shared = ToyEncoder(), SharedEncoder(Watched(), worker)

    assert (shared.encode_texts(["red", "a mug"]) == plain.encode_texts(["red", "a mug"])).all()
    picture = Image.new("RGB", (2, 2), (0, 0, 255))
    assert (shared.encode_images([picture]) == plain.encode_images([picture])).all()
    assert threads == [worker.run(threading.get_ident)]
    assert (shared.name, shared.dimension, shared.fingerprint, shared.max_text_tokens) == (
        plain.name, plain.dimension, plain.fingerprint, plain.max_text_tokens,
    )  # fmt: skip
