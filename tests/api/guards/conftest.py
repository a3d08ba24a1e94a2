"""An app with two keys: one that may only read, and one that may write."""

import time

import pytest
from support.guarded import Guarded, add_key
from support.toy_service import toy_service

from search.settings import Settings


@pytest.fixture
def keyed(settings, tmp_path) -> Settings:
    return settings.model_copy(update={"keys": tmp_path / "keys.json"})


@pytest.fixture
def guarded(start, keyed, reranker) -> Guarded:
    reader, writer = add_key(keyed.keys, "reader"), add_key(keyed.keys, "writer", "write")
    client = start(keyed, lambda given: toy_service(given, reranker), wait=False)
    deadline = time.monotonic() + 10
    while client.get("/ready").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return Guarded(client, keyed.keys, reader, writer)
