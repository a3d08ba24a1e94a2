"""A request that ends in two places is refused, and what stands behind it is not read as another."""

import json

import pytest
from support.guarded import add_key
from support.listening import listening, said_to

BOTH = b"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
BEHIND = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("with_keys", [False, True])
@pytest.mark.parametrize("line", [b"POST /v1/search HTTP/1.1\r\n", b"GET /health HTTP/1.1\r\n"])
def test_a_length_and_chunks_are_refused_and_the_connection_closed(settings, reranker, tmp_path, line, with_keys):
    if with_keys:
        settings = settings.model_copy(update={"keys": tmp_path / "keys.json"})
        add_key(settings.keys, "reader")
    with listening(settings, reranker) as address:
        said = said_to(address, line + BOTH + b"0\r\n\r\n" + BEHIND)
    assert said.count("HTTP/1.1 ") == 1
    head, _, body = said.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 400 ")
    assert "connection: close" in head.lower()
    assert "never both" in json.loads(body)["error"]["message"]


def test_one_of_them_is_enough(idle):
    headers = {"Content-Type": "application/json"}
    assert idle.post("/v1/search", content=iter([b'{"query": "red"}']), headers=headers).status_code == 200
    assert idle.post("/v1/search", content=b'{"query": "red"}', headers=headers).status_code == 200
