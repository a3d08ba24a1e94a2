"""The thread in the background: in turn, after a pause, and never the end of anything else."""

import threading
import time

import pytest

from content.errors import CollectionClosed, CollectionError
from indexer.background import Background


@pytest.fixture
def background():
    made = Background("things")
    yield made
    made.close()


def at_once():
    return 0.0


def raising(error):
    def work():
        raise error

    return work


def test_an_unexpected_error_is_in_the_log_and_the_thread_lives_on(background, caplog):
    background.soon(raising(ZeroDivisionError("by design")), at_once)
    done = threading.Event()
    background.in_turn(done.set)
    assert done.is_set()
    assert "the index of things could not be brought into order" in caplog.text
    assert "ZeroDivisionError: by design" in caplog.text


def test_after_a_collections_error_it_rests(background, caplog):
    background.soon(raising(CollectionError("no space is left")), at_once)
    background.in_turn(lambda: None)
    assert "no space is left; the search goes on" in caplog.text
    done = threading.Event()
    background.soon(done.set, at_once)
    background.in_turn(lambda: None)
    assert not done.is_set()


def test_who_waits_hears_of_the_error_and_ends_the_pause(background):
    order = []
    background.soon(lambda: order.append("soon"), lambda: 60.0)
    begin = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        background.in_turn(raising(ZeroDivisionError()))
    assert order == ["soon"]
    assert time.monotonic() - begin < 30


def test_closing_stops_the_work_and_takes_no_more(background):
    begun, ended = threading.Event(), []

    def work():
        go_on = background.unless_closing(lambda share: begun.set())
        try:
            while True:
                go_on(0.5)
                time.sleep(0.001)
        except CollectionClosed:
            ended.append(True)
            raise

    background.soon(work, at_once)
    assert begun.wait(10)
    background.close()
    assert ended == [True]
    with pytest.raises(CollectionClosed):
        background.in_turn(lambda: None)
