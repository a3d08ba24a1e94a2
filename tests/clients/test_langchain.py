"""LangChain's rerankers and embeddings for other servers."""

import numpy as np
import pytest
from support.compatibility import needs
from support.near_duplicates import BEST, QUERY, check

pytestmark = needs("langchain_core")


@pytest.fixture
def documents(near):
    from langchain_core.documents import Document

    return [Document(page_content=each, metadata={"place": place}) for place, each in enumerate(near.captions)]


def check_documents(ranked, asked):
    check(
        [each.metadata["place"] for each in ranked], [each.metadata["relevance_score"] for each in ranked], asked=asked
    )


@pytest.mark.client("langchain-cohere", "CohereRerank.compress_documents", "text")
def test_coheres_reranker(url, documents):
    from langchain_cohere import CohereRerank

    reranker = CohereRerank(base_url=url, cohere_api_key="any", model="any", top_n=3)
    check_documents(reranker.compress_documents(documents, QUERY), 3)


@pytest.fixture
def jina(url, monkeypatch):
    from langchain_community.document_compressors import JinaRerank, jina_rerank

    monkeypatch.setattr(jina_rerank, "JINA_API_URL", f"{url}/v1/rerank")
    return JinaRerank(jina_api_key="any", top_n=3)


@pytest.mark.client("langchain-community", "JinaRerank.compress_documents", "text")
def test_jinas_reranker_once_its_url_is_overwritten(jina, documents):
    check_documents(jina.compress_documents(documents, QUERY), 3)


def check_pairs(ranked):
    check([each["index"] for each in ranked], [each["relevance_score"] for each in ranked])


@pytest.mark.client("langchain-community", "JinaRerank.rerank", "picture")
def test_jinas_reranker_sends_pictures_as_they_are_given(jina, near):
    check_pairs(jina.rerank([{"image": each} for each in near.pictures], QUERY, top_n=None))


@pytest.mark.client("langchain-community", "JinaRerank.rerank", "stored picture")
def test_jinas_reranker_names_pictures_of_a_collection(jina, near):
    check_pairs(jina.rerank([{"id": each, "collection": "demo"} for each in near.ids], QUERY, top_n=None))


@pytest.mark.client("langchain-community", "JinaRerank.rerank", "error")
def test_jinas_reranker_raises_our_words(jina):
    with pytest.raises(RuntimeError, match="neither a text nor an image"):
        jina.rerank(["a"], "")


def check_vectors(embeddings, texts):
    vectors = np.array(embeddings.embed_documents(texts))
    assert vectors @ embeddings.embed_query(texts[BEST]) == pytest.approx(vectors @ vectors[BEST], abs=1e-4)
    assert np.argmax(vectors @ embeddings.embed_query(texts[BEST])) == BEST


@pytest.mark.client("langchain-openai", "OpenAIEmbeddings.embed_documents", "text")
def test_openais_embeddings(url, near):
    from langchain_openai import OpenAIEmbeddings

    check_vectors(
        OpenAIEmbeddings(base_url=f"{url}/v1", api_key="any", check_embedding_ctx_length=False), list(near.captions)
    )


@pytest.mark.client("langchain-community", "InfinityEmbeddings.embed_documents", "text")
def test_infinitys_embeddings(url, near):
    from langchain_community.embeddings import InfinityEmbeddings

    check_vectors(InfinityEmbeddings(model="any", infinity_api_url=f"{url}/v1"), list(near.captions))


@pytest.fixture
def jina_embeddings(url, monkeypatch):
    from langchain_community.embeddings import JinaEmbeddings, jina

    monkeypatch.setattr(jina, "JINA_API_URL", f"{url}/v1/embeddings")
    return JinaEmbeddings(jina_api_key="any")


@pytest.mark.client("langchain-community", "JinaEmbeddings.embed_documents", "text")
def test_jinas_embeddings_once_their_url_is_overwritten(jina_embeddings, near):
    check_vectors(jina_embeddings, list(near.captions))


@pytest.mark.client("langchain-community", "JinaEmbeddings.embed_images", "picture")
def test_jinas_embeddings_of_pictures_in_files(jina_embeddings, near):
    vectors = np.array(jina_embeddings.embed_images([str(file) for file in near.files]))
    assert np.argmax(vectors @ jina_embeddings.embed_images([near.pictures[BEST]])[0]) == BEST
    assert np.argmax(vectors @ jina_embeddings.embed_query(QUERY)) == BEST
