"""LlamaIndex's own query engine with our retriever and postprocessor in it, against a real server."""

import asyncio
import io

import pytest
from llama_index.core.llms.mock import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.schema import (
    ImageNode,
    MediaResource,
    MetadataMode,
    Node,
    NodeWithScore,
    QueryBundle,
    TextNode,
)
from PIL import Image
from support.toy_reranker import COLOURS
from support.toy_service import base64_of, data_uri, half_a_picture, picture

from clients import LycheeClient, LycheeError, Unreachable
from clients.llama_index import LycheeQuery, LycheeReranker, LycheeRetriever


def nodes(*given):
    return [NodeWithScore(node=node, score=0.1) for node in given]


MIXED = nodes(
    TextNode(id_="bag", text="blue bag"),
    ImageNode(id_="old", image=base64_of(picture("red"))),
    Node(id_="new", text_resource=MediaResource(text="mug"), image_resource=MediaResource(data=picture("red"))),
    TextNode(id_="empty"),
)


def test_a_node_tells_of_its_hit(client, url):
    found = LycheeRetriever(client, top_k=7, channels={"words": 0}).retrieve("red mug")
    assert (found[0].node_id, found[0].text, found[0].score) == ("texts/red", "red mug", 1.0)
    assert found[0].metadata["price"] == 12.5
    assert found[0].metadata["passage"] == "red mug"
    assert found[0].node.get_content(MetadataMode.LLM) == "price: 12.5\n\nred mug"
    both = next(each for each in found if each.node_id == "both")
    assert both.metadata["image_url"] == f"{url}/v1/collections/toys/items/both/image"
    assert not isinstance(both.node, ImageNode)


def test_pictures_come_in_image_nodes_when_asked(client):
    found = LycheeRetriever(client, pictures=True, top_k=1).retrieve("blue striped")
    node = found[0].node
    assert isinstance(node, ImageNode)
    assert (node.node_id, node.text, node.image_mimetype) == ("both", "striped mug", "image/png")
    assert Image.open(io.BytesIO(node.resolve_image().read())).getpixel((0, 0)) == COLOURS["blue"]


def test_a_query_engine_hands_picture_instruction_and_filter_to_both(client, reranker):
    engine = RetrieverQueryEngine(
        LycheeRetriever(client, pictures=True, instruction="Find anything"),
        response_synthesizer=get_response_synthesizer(llm=MockLLM()),
        node_postprocessors=[LycheeReranker(client=client, top_n=2)],
    )
    answer = engine.query(LycheeQuery("mug", image=picture("red"), instruction="Find red mugs"))
    assert answer.source_nodes[0].node_id == "texts/red"
    assert len(answer.source_nodes) == 2
    assert reranker.instructions == ["Find red mugs", "Find red mugs"]
    cheap = asyncio.run(engine.aquery(LycheeQuery("mug", filter={"price": {"$lt": 10}})))
    assert [each.node_id for each in cheap.source_nodes] == ["texts/green"]
    assert reranker.instructions[2] == "Find anything"


def test_a_picture_alone_is_a_query_by_data_uri_too(client):
    retriever = LycheeRetriever(client, top_k=1, target="image")
    assert retriever.retrieve(LycheeQuery("", image=picture("green")))[0].node_id == "pictures/green"
    assert retriever.retrieve(QueryBundle("", image_path=data_uri("red")))[0].node_id == "pictures/red"


def test_every_kind_of_node_is_reranked_with_its_picture(client):
    rerank = LycheeReranker(client=client)
    for found in (
        rerank.postprocess_nodes(MIXED, query_str="red mug"),
        asyncio.run(rerank.apostprocess_nodes(MIXED, query_str="red mug")),
    ):
        assert [(each.node_id, each.score) for each in found] == [("new", 1.0), ("old", 0.5), ("bag", 0), ("empty", 0)]
        assert "neither" in found[3].metadata["error"]
    assert MIXED[3].metadata == {}
    kept = LycheeReranker(client=client, score_threshold=0.5, top_n=1).postprocess_nodes(MIXED, query_str="red mug")
    assert [each.node_id for each in kept] == ["new"]
    assert rerank.postprocess_nodes([], query_str="mug") == []


def test_no_path_is_read(client, tmp_path):
    path = tmp_path / "red.png"
    path.write_bytes(picture("red"))
    with pytest.raises(ValueError, match="the query is a path"):
        LycheeRetriever(client).retrieve(QueryBundle("mug", image_path=str(path)))
    for node in (ImageNode(id_="n", image_path=str(path)), Node(id_="n", image_resource=MediaResource(path=path))):
        with pytest.raises(ValueError, match="picture of node n is a path"):
            LycheeReranker(client=client).postprocess_nodes(nodes(node), query_str="mug")


def test_a_picture_that_cannot_be_read_fails_its_node_only(client):
    broken = nodes(
        ImageNode(image=base64_of(half_a_picture())), ImageNode(image="?"), ImageNode(image_url="http://a/b")
    )
    found = LycheeReranker(client=client).postprocess_nodes([*broken, *nodes(TextNode(text="mug"))], query_str="mug")
    assert [each.score for each in found] == [1.0, 0.0, 0.0, 0.0]
    assert "base64" in found[2].metadata["error"]
    assert "URL" in found[3].metadata["error"]


def test_errors_reach_the_caller(client):
    with pytest.raises(LycheeError, match="not_found"):
        LycheeRetriever(client, collection="nowhere").retrieve("mug")
    with pytest.raises(ValueError, match="needs the query"):
        LycheeReranker(client=client).postprocess_nodes(MIXED)
    with pytest.raises(Unreachable):
        LycheeReranker(client=LycheeClient("http://127.0.0.1:9")).postprocess_nodes(MIXED, query_str="mug")
