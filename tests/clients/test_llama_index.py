"""LlamaIndex's rerankers for other servers."""

import pytest
from support.compatibility import needs
from support.near_duplicates import QUERY, check

pytestmark = needs("llama_index")


@pytest.fixture
def nodes(near):
    from llama_index.core.schema import NodeWithScore, TextNode

    return [NodeWithScore(node=TextNode(text=each, id_=str(place))) for place, each in enumerate(near.captions)]


def check_nodes(ranked, asked):
    check([int(each.node.node_id) for each in ranked], [each.score for each in ranked], asked=asked)


@pytest.mark.client("llama-index-postprocessor-cohere-rerank", "CohereRerank.postprocess_nodes", "text")
def test_coheres_reranker(url, nodes):
    from llama_index.postprocessor.cohere_rerank import CohereRerank

    reranker = CohereRerank(base_url=url, api_key="any", model="any", top_n=3)
    check_nodes(reranker.postprocess_nodes(nodes, query_str=QUERY), 3)


@pytest.fixture
def jina(url):
    from llama_index.postprocessor.jinaai_rerank import JinaRerank

    return JinaRerank(base_url=f"{url}/v1", api_key="any", top_n=3)


@pytest.mark.client("llama-index-postprocessor-jinaai-rerank", "JinaRerank.postprocess_nodes", "text")
def test_jinas_reranker(jina, nodes):
    check_nodes(jina.postprocess_nodes(nodes, query_str=QUERY), 3)


@pytest.mark.client("llama-index-postprocessor-jinaai-rerank", "JinaRerank.postprocess_nodes", "error")
def test_jinas_reranker_raises_our_words(jina, nodes):
    with pytest.raises(RuntimeError, match="neither a text nor an image"):
        jina.postprocess_nodes(nodes, query_str="")
