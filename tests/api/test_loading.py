"""A change of the reranker by signal, whose sender hears nothing: the log says what it came to, whatever happens."""

import logging

import pytest

from api.loading import Loading
from content.errors import ModelError
from search.observer import NobodyWatches
from search.rerankers import Changed


class Held:
    """A service that only has something to change."""

    observer = None
    rerankers = object()

    def close(self):
        pass


@pytest.fixture
def loading():
    loading = Loading(Held, lambda _: None, NobodyWatches())
    loading._run()
    return loading


def test_what_it_came_to_is_logged(loading, caplog):
    loading.change_reranker(lambda rerankers: Changed("tuned", "demo", 0.5))
    assert "tuned judges from now on; it was demo before" in caplog.text


def test_what_the_user_can_mend_is_one_line(loading, caplog):
    def change(_):
        raise ModelError("there is no folder tuned")

    loading.change_reranker(change)
    (record,) = caplog.records
    assert (record.levelno, record.exc_info) == (logging.ERROR, None)
    assert record.getMessage() == "the reranker was not changed: there is no folder tuned"


def test_what_nobody_foresaw_is_logged_with_its_trace_and_does_not_end_in_silence(loading, caplog):
    def change(_):
        raise ZeroDivisionError("oh")

    loading.change_reranker(change)
    (record,) = caplog.records
    assert record.getMessage() == "the reranker was not changed"
    assert record.exc_info[0] is ZeroDivisionError
