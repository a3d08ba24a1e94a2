"""Whoever waits is woken by the result, by the deadline, or by the news that nobody waits any more."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from content.errors import Cancelled, DeadlineExceeded, NotReady
from search.patience import Patience


def test_what_is_there_in_time_is_given():
    future: Future[str] = Future()
    threading.Timer(0.02, future.set_result, ["here"]).start()

    assert Patience(60).wait(future) == "here"
    assert Patience(0).wait(future) == "here"  # too late to begin anything, but this was done


def test_an_error_is_raised_as_it_is():
    future: Future[str] = Future()
    future.set_exception(ZeroDivisionError("none"))
    with pytest.raises(ZeroDivisionError):
        Patience().wait(future)


def test_the_deadline_ends_the_wait_and_forbids_more():
    patience = Patience(0.05)
    begin = time.monotonic()

    with pytest.raises(DeadlineExceeded, match=r"0\.05 s"):
        patience.wait(Future())

    assert 0.05 <= time.monotonic() - begin < 10
    with pytest.raises(DeadlineExceeded):
        patience.check()


def test_cancelling_wakes_who_waits_and_forbids_more():
    patience = Patience()
    patience.check()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(patience.wait, Future()) for _ in range(2)]
        patience.cancel()
        patience.cancel()
        for each in waiting:
            with pytest.raises(Cancelled):
                each.result(30)
    with pytest.raises(Cancelled):
        patience.check()


def test_who_waits_is_told_what_the_request_was_given_up_for():
    patience = Patience(60)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(patience.wait, Future()) for _ in range(2)]
        patience.give_up(NotReady("closed"))
        patience.cancel()  # too late to change the reason
        for each in waiting:
            with pytest.raises(NotReady, match="closed"):
                each.result(30)
    with pytest.raises(NotReady, match="closed"):
        patience.check()
