"""Work that is watched: its news come as they are told, it ends as it ends, and a new one replaces the old."""

import threading

import pytest

from api.page.running import Done, Replaced, Runs, follow
from content.errors import Cancelled, InvalidInput


def test_the_first_news_are_given_at_once_and_the_result_at_the_end():
    seen, gate = [], threading.Event()

    def work(tell):
        tell("first")
        assert gate.wait(10)
        return "result"

    for news in follow(work):
        seen.append(news)
        gate.set()
    assert seen == ["first", Done("result")]


def test_only_the_latest_news_are_given_to_who_is_slow():
    told, seen = threading.Event(), []

    def work(tell):
        for number in range(1000):
            tell(number)
        told.set()
        threading.Event().wait(0.5)  # so that the last of them is news, not yet overtaken by the end

    for news in follow(work):
        seen.append(news)
        assert told.wait(10)
    assert len(seen) <= 3
    assert 999 in seen
    assert seen[-1] == Done(None)


def test_an_error_of_the_work_is_raised_to_who_follows_it():
    def work(tell):
        tell(1)
        raise InvalidInput("no")

    with pytest.raises(InvalidInput, match="no"):
        list(follow(work))


def test_a_new_run_of_the_same_kind_calls_the_old_one_off():
    runs = Runs(0)
    with runs.begun("page", "search") as old, runs.begun("page", "search") as new:
        with pytest.raises(Replaced):
            old.check()
        new.check()


def test_runs_of_other_pages_and_kinds_go_on():
    runs = Runs(0)
    with runs.begun("a", "search") as mine, runs.begun("a", "index") as other, runs.begun("b", "search") as theirs:
        runs.stop("a", "search")
        with pytest.raises(Cancelled):
            mine.check()
        other.check()
        theirs.check()


def test_a_page_that_is_closed_calls_all_its_runs_off():
    runs = Runs(0)
    with runs.begun("a", "search") as search, runs.begun("a", "index") as index, runs.begun("b", "search") as theirs:
        runs.leave("a")
        for patience in (search, index):
            with pytest.raises(Cancelled):
                patience.check()
        theirs.check()


def test_the_end_of_an_old_run_leaves_the_new_one_to_be_stopped():
    runs = Runs(0)
    old = runs.begun("a", "search")
    old.__enter__()
    with runs.begun("a", "search") as new:
        old.__exit__(None, None, None)
        runs.stop("a", "search")
        with pytest.raises(Cancelled):
            new.check()


def test_stopping_what_does_not_run_is_harmless():
    Runs(0).stop("nobody", "search")
