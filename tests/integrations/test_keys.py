"""Every adapter with a key, with a wrong one and with none, against a server that asks for keys."""

import pytest
from haystack import Document as HaystackDocument
from haystack.utils import Secret
from langchain_core.documents import Document
from llama_index.core.schema import NodeWithScore, TextNode
from support.guarded import add_key
from support.toy_service import COLLECTION, picture

from clients import Busy, Item, LycheeClient, LycheeError, haystack, langchain, llama_index

SEARCHES = {
    "client": lambda url, key: LycheeClient(url, key).search("red").hits[0],
    "langchain": lambda url, key: langchain.LycheeRetriever(client=LycheeClient(url, key), pictures=True).invoke("red"),
    "llama-index": lambda url, key: llama_index.LycheeRetriever(LycheeClient(url, key), pictures=True).retrieve("red"),
    "haystack": lambda url, key: haystack.LycheeRetriever(url, _secret(key), pictures=True).run("red")["documents"],
}
RERANKS = {
    "client": lambda url, key: LycheeClient(url, key).rerank("red", ["red"]).results,
    "langchain": lambda url, key: langchain.LycheeReranker(client=LycheeClient(url, key)).compress_documents(
        [Document("red")], "red"
    ),
    "llama-index": lambda url, key: llama_index.LycheeReranker(client=LycheeClient(url, key)).postprocess_nodes(
        [NodeWithScore(node=TextNode(text="red"))], query_str="red"
    ),
    "haystack": lambda url, key: haystack.LycheeRanker(url, _secret(key)).run("red", [HaystackDocument(content="red")]),
}


def _secret(key):
    return None if key is None else Secret.from_token(key)


@pytest.fixture
def guarded(serve, tmp_path):
    """The URL, and keys that may read, read once a minute, and write."""
    file = tmp_path / "keys.json"
    keys = add_key(file, "reader"), add_key(file, "rare", rate=1), add_key(file, "writer", "write")
    url = serve(keys=file)
    with LycheeClient(url, keys[2]) as client:
        client.upsert(COLLECTION, [Item("red", image=picture("red"))])
    return url, *keys


@pytest.mark.parametrize("calls", [SEARCHES, RERANKS], ids=["search", "rerank"])
@pytest.mark.parametrize("name", SEARCHES)
def test_a_key_opens_every_adapter_and_nothing_else_does(guarded, calls, name):
    url, reader, _, _ = guarded
    assert calls[name](url, reader)
    for wrong, words in ((None, "needs an API key"), ("lychee_guessed", "none of this server's")):
        with pytest.raises(LycheeError, match=words) as caught:
            calls[name](url, wrong)
        assert (caught.value.status, caught.value.type) == (401, "unauthorized")


def test_a_key_that_may_not_write_and_one_that_asks_too_often(guarded):
    url, reader, rare, _ = guarded
    with pytest.raises(LycheeError, match="403 forbidden"):
        LycheeClient(url, reader).upsert(COLLECTION, [Item("a", "a")])
    client = LycheeClient(url, rare, retries=0)
    client.search("red")
    with pytest.raises(Busy, match="429"):
        client.search("red")
