"""The client against a real server: what it sends, what it gives back, and asyncio."""

import asyncio
import inspect
import io

import pytest
from PIL import Image
from support.toy_reranker import COLOURS
from support.toy_service import COLLECTION, data_uri, picture

from clients import AsyncLycheeClient, Content, Item, LycheeClient


def test_a_search_gives_typed_hits(client):
    result = client.search("red mug", top_k=2, explain=True)
    first = result.hits[0]
    assert (first.id, first.text, first.score, first.metadata) == ("texts/red", "red mug", 1.0, {"price": 12.5})
    assert first.passage is not None
    assert first.passage.text == "red mug"
    assert {each.channel for each in first.retrieval.channels} >= {"text", "words"}
    assert len(result.hits) == 2
    assert result.reranked
    assert result.timings_ms["total"] > 0


@pytest.mark.parametrize("form", ["bytes", "data URI", "PIL", "PIL in CMYK"])
def test_a_query_may_be_a_picture_in_any_form(client, form):
    pil = Image.new("RGB", (8, 8), COLOURS["green"])
    image = {"bytes": picture("green"), "data URI": data_uri("green"), "PIL": pil, "PIL in CMYK": pil.convert("CMYK")}
    result = client.search(Content(image=image[form]), target="image", top_k=1)
    assert [hit.id for hit in result.hits] == ["pictures/green"]


def test_every_option_reaches_the_server(client, reranker):
    client.search("red mug", collection=COLLECTION, candidates=3, instruction="Find mugs", score_threshold=0.1)
    assert reranker.instructions == ["Find mugs"]
    cheap = client.search("mug", filter={"price": {"$lt": 10}})
    assert [hit.id for hit in cheap.hits] == ["texts/green"]
    tenfold = client.search("red mug", top_k=1, scale=10, normalize="minmax")
    assert (tenfold.hits[0].score, tenfold.scale, tenfold.normalize) == (10.0, 10, "minmax")
    assert not client.search("red mug", rerank=False, channels={"words": 0}, target="text").reranked
    assert len(client.search("red mug", candidates=2).hits) == 2


def test_texts_and_pictures_are_reranked_together(client, reranker):
    documents = ["blue bag", Content(image=picture("red")), Content("mug", picture("red")), Content(image=b"none")]
    result = client.rerank("red mug", documents, instruction="Find mugs")
    assert [(each.index, each.score) for each in result.results] == [(2, 1.0), (1, 0.5), (0, 0.0), (3, 0.0)]
    assert "pictures are read as" in result.results[3].error
    assert reranker.instructions == ["Find mugs"]
    assert [each.index for each in client.rerank("red mug", documents, score_threshold=0.5, top_k=5).results] == [2, 1]
    assert len(client.rerank("red mug", documents, top_k=1).results) == 1


@pytest.mark.parametrize(("collection", "name"), [("a", "a b?c=d#e%2F"), ("架", "架/杯"), ("c", "x/image")])
def test_a_picture_comes_back_as_it_was_stored_whatever_its_id(client, collection, name):
    client.create(collection)
    assert client.upsert(collection, [Item(name, image=picture("blue", "WEBP"))]) == (name,)
    (hit,) = client.search("blue", collection=collection).hits
    got = client.picture(hit)
    assert (got.data, got.media_type) == (picture("blue", "WEBP"), "image/webp")
    assert Image.open(io.BytesIO(got.data)).format == "WEBP"
    assert client.search(Content(image=got.data_uri), collection=collection, rerank=False).hits[0].id == name


def test_a_hit_without_a_picture_says_so(client):
    hit = client.search("green mug", top_k=1).hits[0]
    with pytest.raises(ValueError, match="texts/green has no picture"):
        client.picture(hit)


def test_the_same_calls_can_be_awaited(url):
    async def talk():
        async with AsyncLycheeClient(url) as client:
            await client.create("awaited")
            await client.upsert("awaited", [Item("new", "green bag")])
            search = client.search("green bag", collection="awaited")
            found, ranked = await asyncio.gather(search, client.rerank("red", ["blue", "red"]))
            return found.hits[0].id, ranked.results[0].index

    assert asyncio.run(talk()) == ("new", 1)


@pytest.mark.parametrize("kind", [LycheeClient, AsyncLycheeClient])
def test_help_shows_what_a_method_takes(kind):
    parameters = list(inspect.signature(kind("http://127.0.0.1").search).parameters)
    assert parameters[:3] == ["query", "collection", "target"]
    assert "two stages" in kind.search.__doc__
