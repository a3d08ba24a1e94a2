"""LangChain's own chains and retrievers with ours in them, against a real server."""

import asyncio

import pytest
from langchain_classic.retrievers import ContextualCompressionRetriever
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import ConfigurableField, RunnableLambda, RunnablePassthrough
from support.toy_service import base64_of, data_uri, half_a_picture, picture

from clients import LycheeClient, LycheeError, Unreachable
from clients.langchain import LycheeReranker, LycheeRetriever


class Shelf(BaseRetriever):
    """A retriever of somebody else."""

    documents: list[Document]

    def _get_relevant_documents(self, query, *, run_manager):
        return self.documents


MIXED = [
    Document(page_content="blue bag", metadata={"shop": "A"}),
    Document(page_content="", metadata={"image": data_uri("red")}),
    Document(page_content="mug", metadata={"image": picture("red")}),
    Document(page_content=""),
]


def test_a_document_tells_of_its_hit(client):
    first = LycheeRetriever(client=client, top_k=1).invoke("red mug")[0]
    assert (first.id, first.page_content) == ("texts/red", "red mug")
    told = first.metadata
    assert (told["id"], told["score"], told["price"], told["passage"]) == ("texts/red", 1.0, 12.5, "red mug")
    assert told["retrieval_rank"] >= 1
    assert "image" not in told


def test_pictures_come_as_data_uris_when_asked(client, url):
    found = LycheeRetriever(client=client, pictures=True, target="image").invoke("blue striped")
    assert found[0].id == "both"
    assert found[0].metadata["image"] == f"data:image/png;base64,{base64_of(picture('blue'))}"
    assert found[0].metadata["image_url"] == f"{url}/v1/collections/toys/items/both/image"
    assert all("image" in document.metadata for document in found)


def test_a_call_may_bring_a_picture_an_instruction_and_a_filter(client, reranker):
    retriever = LycheeRetriever(client=client, instruction="Find anything")
    assert retriever.invoke("", image=picture("green"), top_k=1)[0].id == "pictures/green"
    assert retriever.invoke("mug", instruction="Find mugs", filter={"price": {"$lt": 10}})[0].id == "texts/green"
    asyncio.run(retriever.ainvoke("mug", instruction="Find bags"))
    assert reranker.instructions == ["Find anything", "Find mugs", "Find bags"]


def test_a_chain_sets_the_instruction_by_its_config(client, reranker):
    retriever = LycheeRetriever(client=client, top_k=1).configurable_fields(instruction=ConfigurableField(id="task"))
    chain = {"found": retriever, "asked": RunnablePassthrough()} | RunnableLambda(
        lambda told: f"{told['asked']}: {told['found'][0].page_content}"
    )
    assert chain.invoke("red mug", config={"configurable": {"task": "Find mugs"}}) == "red mug: red mug"
    assert reranker.instructions == ["Find mugs"]
    assert chain.batch(["green mug", "blue bag"]) == ["green mug: green mug", "blue bag: blue bag"]


def test_a_compression_retriever_orders_texts_and_pictures(client, reranker):
    rerank = LycheeReranker(client=client, top_n=3, instruction="Find mugs")
    chain = ContextualCompressionRetriever(base_compressor=rerank, base_retriever=Shelf(documents=MIXED))
    for found in (chain.invoke("red mug"), asyncio.run(chain.ainvoke("red mug"))):
        assert [document.metadata["relevance_score"] for document in found] == [1.0, 0.5, 0.0]
        assert found[0].page_content == "mug"
        assert found[2].metadata == {"shop": "A", "relevance_score": 0.0}
    assert "relevance_score" not in MIXED[0].metadata
    assert reranker.instructions == ["Find mugs", "Find mugs"]


def test_what_the_retriever_found_is_reranked_with_its_pictures(client):
    retriever = LycheeRetriever(client=client, pictures=True, rerank=False, target="image")
    chain = ContextualCompressionRetriever(base_compressor=LycheeReranker(client=client), base_retriever=retriever)
    found = chain.invoke("blue striped")
    assert [document.id for document in found][:2] == ["both", "pictures/blue"]


def test_threshold_instruction_and_picture_of_one_call(client, reranker):
    rerank = LycheeReranker(client=client, score_threshold=0.5)
    found = rerank.compress_documents(MIXED, "", image=picture("red"), instruction="Find this")
    assert [document.page_content for document in found] == ["", "mug"]
    asyncio.run(rerank.acompress_documents(MIXED, "mug", instruction="Find that"))
    assert reranker.instructions == ["Find this", "Find that"]
    assert rerank.compress_documents([], "mug") == []


def test_a_picture_that_cannot_be_read_fails_its_document_only(client):
    broken = Document(page_content="red mug", metadata={"picture": half_a_picture()})
    rerank = LycheeReranker(client=client, image_key="picture")
    good, bad = rerank.compress_documents([broken, Document(page_content="a mug")], "mug")
    assert (good.page_content, good.metadata["relevance_score"]) == ("a mug", 1.0)
    assert "ends too early" in bad.metadata["error"] or "cut short" in bad.metadata["error"]
    assert bad.metadata["relevance_score"] == 0.0


def test_paths_and_unknown_fields_are_refused(client):
    with pytest.raises(ValueError, match="not read by its path"):
        LycheeReranker(client=client).compress_documents([Document("", metadata={"image": "a.png"})], "mug")
    texts = LycheeReranker(client=client, image_key=None)
    assert texts.compress_documents([Document("mug", metadata={"image": "a.png"})], "mug")
    with pytest.raises(ValueError, match="k\n"):
        LycheeRetriever(client=client, k=5)


def test_errors_reach_the_caller_of_a_chain(client):
    with pytest.raises(LycheeError, match="candidates"):
        LycheeRetriever(client=client, candidates=10_001).invoke("mug")
    with pytest.raises(Unreachable):
        LycheeRetriever(client=LycheeClient("http://127.0.0.1:9")).invoke("mug")
