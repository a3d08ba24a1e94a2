"""What Weaviate asks before it uses a reranker: until the models are there it must wait, and not be turned away."""

import threading
import time

from support.toy_service import toy_service


def test_weaviate_waits_until_the_models_are_there(start, settings, reranker):
    loaded = threading.Event()

    def load(given):
        assert loaded.wait(30)
        return toy_service(given, reranker)

    client = start(settings, load, wait=False)
    assert client.get("/.well-known/ready").status_code == 503
    loaded.set()
    deadline = time.monotonic() + 10
    while client.get("/.well-known/ready").status_code != 204:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert client.get("/ready").status_code == 200


def test_weaviate_is_answered_in_the_half_second_that_it_waits(idle):
    begun = time.monotonic()
    answer = idle.get("/.well-known/ready")
    assert (answer.status_code, answer.content) == (204, b"")
    assert time.monotonic() - begun < 0.5


def test_meta_is_an_object_that_names_the_model(idle):
    meta = idle.get("/meta").json()
    assert meta["model"] == "toy-reranker"
    assert set(meta) == {"model", "version"}
