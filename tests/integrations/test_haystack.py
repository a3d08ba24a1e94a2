"""Haystack pipelines with our components in them, against a real server."""

import asyncio
import inspect

import pytest
from haystack import Document, Pipeline
from haystack.core.errors import PipelineRuntimeError
from haystack.dataclasses import ByteStream, ImageContent
from haystack.utils import Secret
from support.toy_service import base64_of, half_a_picture, picture

from clients import LycheeError
from clients.haystack import LycheeRanker, LycheeRetriever

RED = ByteStream(picture("red"), mime_type="image/png")
MIXED = [
    Document(id="bag", content="blue bag", meta={"shop": "A"}),
    Document(id="picture", blob=RED),
    Document(id="both", content="mug", blob=ByteStream(picture("red"))),
    Document(id="pdf", content="red", blob=ByteStream(b"%PDF", mime_type="application/pdf")),
    Document(id="empty"),
]


def test_a_document_tells_of_its_hit(url):
    found = LycheeRetriever(url, top_k=7).run("red mug")["documents"]
    assert (found[0].id, found[0].content, found[0].score) == ("texts/red", "red mug", 1.0)
    assert (found[0].meta["price"], found[0].meta["passage"]) == (12.5, "red mug")
    both = next(each for each in found if each.id == "both")
    assert both.meta["image_url"] == f"{url}/v1/collections/toys/items/both/image"
    assert all(each.blob is None for each in found)


def test_pictures_come_as_blobs_when_asked(url):
    found = LycheeRetriever(url, pictures=True, target="image").run("blue striped")["documents"]
    assert found[0].id == "both"
    assert (found[0].blob.data, found[0].blob.mime_type) == (picture("blue"), "image/png")


def test_a_pipeline_finds_and_orders_with_pictures(url, reranker):
    pipeline = Pipeline()
    pipeline.add_component("retriever", LycheeRetriever(url, pictures=True, rerank=False))
    pipeline.add_component("ranker", LycheeRanker(url, top_k=2))
    pipeline.connect("retriever.documents", "ranker.documents")
    asked = {"query": "blue striped", "instruction": "Find mugs"}
    found = pipeline.run({"retriever": asked, "ranker": asked})["ranker"]["documents"]
    assert [(each.id, each.score) for each in found] == [("both", 1.0), ("pictures/blue", 0.5)]
    assert reranker.instructions == ["Find mugs"]


def test_a_pipeline_is_kept_as_yaml_without_its_key(url, monkeypatch):
    monkeypatch.setenv("A_KEY", "hidden")
    key = Secret.from_env_var("A_KEY")
    pipeline = Pipeline()
    pipeline.add_component("retriever", LycheeRetriever(url, key, top_k=1, filter={"price": 3}, instruction="Find"))
    pipeline.add_component("ranker", LycheeRanker(url, key, score_threshold=0.5))
    pipeline.connect("retriever.documents", "ranker.documents")
    kept = pipeline.dumps()
    assert "hidden" not in kept
    again = Pipeline.loads(kept, allowed_modules=["clients.haystack"])
    assert again.dumps() == kept
    found = again.run({"retriever": {"query": "mug"}, "ranker": {"query": "mug"}})["ranker"]["documents"]
    assert [each.id for each in found] == ["texts/green"]


@pytest.mark.parametrize("kind", [LycheeRetriever, LycheeRanker])
def test_every_argument_is_kept_as_it_was_given(url, kind):
    names = list(inspect.signature(kind.__init__).parameters)[1:]
    given = {name: f"a {name}" for name in names} | {"url": url, "api_key": None, "timeout": 7}
    kept = kind(**given).to_dict()
    assert kept["init_parameters"] == given
    assert kind.from_dict(kept).to_dict() == kept


@pytest.mark.parametrize("kind", [LycheeRetriever, LycheeRanker])
def test_a_key_in_plain_text_is_not_kept(url, kind):
    with pytest.raises(ValueError, match=r"[Tt]oken"):
        kind(url, Secret.from_token("hidden")).to_dict()


def test_a_query_may_be_a_picture(url):
    retriever = LycheeRetriever(url, target="image", top_k=1)
    for image in (RED, ImageContent(base64_of(picture("red")))):
        assert retriever.run("", image=image)["documents"][0].id == "pictures/red"


def test_a_run_goes_before_what_the_component_was_made_with(url, reranker):
    retriever = LycheeRetriever(url, instruction="Find anything", top_k=5)
    found = retriever.run("mug", instruction="Find mugs", filter={"price": {"$lt": 10}}, top_k=1)["documents"]
    assert [each.id for each in found] == ["texts/green"]
    ranker = LycheeRanker(url, instruction="Order anything")
    assert len(ranker.run("red mug", MIXED, top_k=1, instruction="Order mugs")["documents"]) == 1
    assert len(ranker.run("red mug", MIXED, score_threshold=0.5)["documents"]) == 3
    assert reranker.instructions == ["Find mugs", "Order mugs", "Order anything"]


def test_texts_and_pictures_are_ranked_together(url):
    ranker = LycheeRanker(url)
    for found in (ranker.run("red mug", MIXED), asyncio.run(ranker.run_async("red mug", MIXED))):
        scores = {each.id: each.score for each in found["documents"]}
        assert scores == {"both": 1.0, "picture": 0.5, "pdf": 0.5, "bag": 0.0, "empty": 0.0}
        assert found["documents"][0].id == "both"
        assert "neither" in found["documents"][-1].meta["error"]
    assert MIXED[4].meta == {}
    assert ranker.run("mug", [])["documents"] == []
    assert asyncio.run(LycheeRetriever(url).run_async("red mug", top_k=1))["documents"][0].id == "texts/red"


def test_a_picture_that_cannot_be_read_fails_its_document_only(url):
    broken = Document(content="red mug", blob=ByteStream(half_a_picture(), mime_type="image/png"))
    good, bad = LycheeRanker(url).run("mug", [broken, Document(content="mug")])["documents"]
    assert (good.content, good.score, bad.score) == ("mug", 1.0, 0.0)
    assert bad.meta["error"]


def test_errors_reach_the_caller_of_a_pipeline(url):
    pipeline = Pipeline()
    pipeline.add_component("retriever", LycheeRetriever(url, collection="nowhere"))
    with pytest.raises((LycheeError, PipelineRuntimeError), match="nowhere"):
        pipeline.run({"retriever": {"query": "mug"}})
    pipeline = Pipeline()
    pipeline.add_component("ranker", LycheeRanker("http://127.0.0.1:9"))
    with pytest.raises((LycheeError, PipelineRuntimeError), match=r"no answer from http://127\.0\.0\.1:9"):
        pipeline.run({"ranker": {"query": "mug", "documents": MIXED}})
