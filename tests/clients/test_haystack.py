"""Haystack's rankers and embedders for other servers."""

import numpy as np
import pytest
from support.compatibility import needs
from support.near_duplicates import BEST, QUERY, check

pytestmark = needs("haystack")


@pytest.fixture
def documents(near):
    from haystack import Document

    return [Document(content=each, meta={"place": place}) for place, each in enumerate(near.captions)]


def check_documents(ranked):
    check([each.meta["place"] for each in ranked], [each.score for each in ranked])


@pytest.mark.client("cohere-haystack", "CohereRanker.run", "text")
def test_coheres_ranker(url, documents):
    from haystack.utils import Secret
    from haystack_integrations.components.rankers.cohere import CohereRanker

    ranker = CohereRanker(api_base_url=url, api_key=Secret.from_token("any"))
    check_documents(ranker.run(query=QUERY, documents=documents)["documents"])


@pytest.fixture
def jina(url):
    from haystack.utils import Secret
    from haystack_integrations.components.rankers.jina import JinaRanker

    return JinaRanker(base_url=f"{url}/v1/rerank", api_key=Secret.from_token("any"))


@pytest.mark.client("jina-haystack", "JinaRanker.run", "text")
def test_jinas_ranker(jina, documents):
    answer = jina.run(query=QUERY, documents=documents)
    check_documents(answer["documents"])
    assert answer["meta"]["model"] == "demo"
    assert answer["meta"]["usage"]["total_tokens"] > 0


@pytest.mark.client("jina-haystack", "JinaRanker.run", "error")
def test_jinas_ranker_raises_our_words(jina, documents):
    with pytest.raises(RuntimeError, match="neither a text nor an image"):
        jina.run(query="", documents=documents)


def check_vectors(of_text, of_documents, documents):
    vectors = np.array([each.embedding for each in of_documents.run(documents)["documents"]])
    assert np.argmax(vectors @ of_text.run(documents[BEST].content)["embedding"]) == BEST


@pytest.mark.client("haystack-ai", "OpenAIDocumentEmbedder.run", "text")
def test_openais_embedders(url, documents):
    from haystack.components.embedders import OpenAIDocumentEmbedder, OpenAITextEmbedder
    from haystack.utils import Secret

    of_text = OpenAITextEmbedder(api_base_url=f"{url}/v1", api_key=Secret.from_token("any"))
    of_documents = OpenAIDocumentEmbedder(
        api_base_url=f"{url}/v1", api_key=Secret.from_token("any"), progress_bar=False
    )
    check_vectors(of_text, of_documents, documents)


@pytest.mark.client("jina-haystack", "JinaDocumentEmbedder.run", "text")
def test_jinas_embedders(url, documents):
    from haystack.utils import Secret
    from haystack_integrations.components.embedders.jina import JinaDocumentEmbedder, JinaTextEmbedder

    of_text = JinaTextEmbedder(base_url=f"{url}/v1/embeddings", api_key=Secret.from_token("any"))
    of_documents = JinaDocumentEmbedder(
        base_url=f"{url}/v1/embeddings", api_key=Secret.from_token("any"), progress_bar=False
    )
    check_vectors(of_text, of_documents, documents)


@pytest.mark.client("jina-haystack", "JinaDocumentImageEmbedder.run", "error")
def test_jinas_embedder_of_pictures_is_told_that_it_sends_them_as_texts(url, near):
    from haystack import Document
    from haystack.utils import Secret
    from haystack_integrations.components.embedders.jina import JinaDocumentImageEmbedder

    embedder = JinaDocumentImageEmbedder(base_url=f"{url}/v1/embeddings", api_key=Secret.from_token("any"))
    documents = [Document(meta={"file_path": str(file)}) for file in near.files]
    with pytest.raises(RuntimeError, match="is a picture in place of a text"):
        embedder.run(documents)
