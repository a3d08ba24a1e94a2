"""Cohere's own clients: that which LangChain and LlamaIndex bring, and the newest."""

import os
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from support.compatibility import needs
from support.near_duplicates import BEST, QUERY, check

pytestmark = needs("cohere")

NEWEST = Path(__file__).parents[2] / ".cache" / "clients" / "cohere-current"
NEWEST_VERSION = next((each.version for each in distributions(name="cohere", path=[str(NEWEST)])), "")
NEWEST_CALL = """
import sys
import cohere
client = cohere.{client}(api_key="any", base_url=sys.argv[1])
answer = client.rerank(model="any", query=sys.argv[2], documents=sys.argv[3:])
for result in answer.results:
    print(result.index, result.relevance_score)
"""


@pytest.fixture
def first(url):
    import cohere

    return cohere.Client(api_key="any", base_url=url)


@pytest.fixture
def second(url):
    import cohere

    return cohere.ClientV2(api_key="any", base_url=url)


def check_results(results):
    check([each.index for each in results], [each.relevance_score for each in results])


@pytest.mark.client("cohere", "ClientV2.rerank", "text")
def test_v2_ranks_texts(second, near):
    answer = second.rerank(model="any", query=QUERY, documents=near.captions, max_tokens_per_doc=4096)
    check_results(answer.results)
    assert len(second.rerank(model="any", query=QUERY, documents=near.captions, top_n=2).results) == 2
    assert answer.meta.api_version.version == "2"


@pytest.mark.client("cohere", "ClientV2.rerank", "error")
def test_v2_raises_its_own_error_with_our_words(second):
    from cohere.core import ApiError

    with pytest.raises(ApiError) as caught:
        second.rerank(model="any", query="", documents=["a"])
    assert caught.value.status_code == 400
    assert "neither a text nor an image" in caught.value.body["message"]


@pytest.mark.client("cohere", "ClientV2.rerank", "stored picture")
def test_v2_ranks_pictures_of_a_collection_by_their_ids(second, near):
    options = {"additional_body_parameters": {"ids_of": "demo"}}
    check_results(second.rerank(model="any", query=QUERY, documents=near.ids, request_options=options).results)


@pytest.mark.client("cohere", "Client.rerank", "text")
def test_v1_ranks_texts_and_gives_them_back(first, near):
    documents = [{"text": caption} for caption in near.captions]
    answer = first.rerank(model="any", query=QUERY, documents=documents, return_documents=True, rank_fields=["text"])
    check_results(answer.results)
    assert [each.document.text for each in answer.results] == [near.captions[each.index] for each in answer.results]
    check_results(first.rerank(query=QUERY, documents=near.captions).results)


@pytest.mark.client("cohere", "Client.rerank", "picture")
def test_v1_ranks_pictures(first, near):
    check_results(first.rerank(query=QUERY, documents=[{"image": picture} for picture in near.pictures]).results)


@pytest.mark.client("cohere", "Client.rerank", "stored picture")
def test_v1_ranks_pictures_of_a_collection(first, near):
    documents = [{"id": name, "collection": "demo"} for name in near.ids]
    check_results(first.rerank(query=QUERY, documents=documents).results)


@pytest.mark.skipif(not NEWEST_VERSION, reason="the newest client of Cohere is not installed")
@pytest.mark.parametrize(
    "client",
    [
        pytest.param(name, marks=pytest.mark.client("cohere", f"{name}.rerank", "text", version=NEWEST_VERSION))
        for name in ("ClientV2", "Client")
    ],
)
def test_the_newest_client_ranks_texts(url, near, client):
    done = subprocess.run(
        [sys.executable, "-c", NEWEST_CALL.format(client=client), url, QUERY, *near.captions],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(NEWEST)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    order, scores = zip(*(line.split() for line in done.stdout.splitlines()), strict=True)
    check([int(index) for index in order], [float(score) for score in scores])
    assert int(order[0]) == BEST
