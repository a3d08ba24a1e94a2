"""What a program gets that asks the page for an event in a wrong way: not Gradio's failures."""

import logging
import time

import httpx
import pytest
from support.listening import listening
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION

from api.page.build import build_page
from search.settings import Settings

JOIN, CALL = "/gradio_api/queue/join", "/gradio_api/call"
NO_OBJECTS = [b"", b"{", b"[]", b"null", b"1", b'"a"', b"[" * 5000, b'{"data": ["\xff"]}']


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    settings = Settings(collections=tmp_path_factory.mktemp("calls"), collection=COLLECTION)
    with listening(settings, ToyReranker(), build_page) as address:
        base = "http://{}:{}".format(*address)
        deadline = time.monotonic() + 60
        while httpx.get(f"{base}/config").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with httpx.Client(base_url=base, timeout=30) as client:
            yield client


@pytest.fixture(autouse=True)
def nobody_reads_of_it(caplog):
    yield
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


def refused(answer, status):
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["type"] == {400: "invalid_input", 404: "not_found"}[status]
    return error


@pytest.mark.parametrize("body", NO_OBJECTS)
@pytest.mark.parametrize("path", [JOIN, f"{CALL}/search", f"{CALL}/v2/search", f"{CALL}/nothing"])
def test_a_body_that_is_no_json_object_is_the_callers_mistake(page, path, body):
    refused(page.post(path, content=body, headers={"Content-Type": "application/json"}), 400)


@pytest.mark.parametrize("index", [99999, -1, 2**70])
def test_an_event_that_there_is_not_is_not_found(page, index):
    body = {"data": [], "fn_index": index, "session_hash": "s"}
    assert str(index) in refused(page.post(JOIN, json=body), 404)["message"]


@pytest.mark.parametrize("index", [None, "0", True, 1.5, [0], {}])
def test_an_event_is_asked_for_by_a_whole_number(page, index):
    body = {"data": [], "fn_index": index, "session_hash": "s"}
    assert refused(page.post(JOIN, json=body), 400)["param"] == "fn_index"


@pytest.mark.parametrize("name", ["nothing", "v2", "v2/nothing", "nothing/", "acted", "plain", "a/b", "v2/v2/search"])
def test_by_name_there_are_the_two_that_are_told_and_no_other(page, name):
    message = refused(page.post(f"{CALL}/{name}", json={"data": []}), 404)["message"]
    assert message.endswith("search, rerank")


def test_values_by_their_names_are_known_and_there(page):
    assert "'no'" in refused(page.post(f"{CALL}/v2/search", json={"query": "a", "no": 1}), 400)["message"]
    assert refused(page.post(f"{CALL}/v2/search", json={"top_k": 1}), 400)["param"] == "query"


@pytest.mark.parametrize("name", ["search", "search/", "v2/search"])
def test_who_asks_rightly_is_answered(page, name):
    body = {"query": "red"} if "v2" in name else {"data": ["red", "", "", "any", 10, 10, 0, "", "", True]}
    event = page.post(f"{CALL}/{name}", json=body).json()["event_id"]
    assert "event: complete" in page.get(f"{CALL}/search/{event}").text
