"""Programs that are no Python libraries: the bodies that they send, sent by curl, and what they read of the answer."""

import json
import subprocess

import pytest
from support.near_duplicates import BEST, QUERY, check

INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query"
RERANK, SCORE = "POST /v1/rerank", "POST /v1/score"


@pytest.fixture
def post(url):
    def post(route, body):
        done = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", url + route, "-H", "Content-Type: application/json", "-d", "@-"],
            input=json.dumps(body), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    return post


def check_results(results, score="relevance_score"):
    check([each["index"] for each in results], [each[score] for each in results])


def in_order(scores):
    """Scores in the order of the request, as places and scores, best first."""
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    check(order, [scores[place] for place in order])


def part(picture):
    return {"type": "image_url", "image_url": {"url": picture}}


def words(text):
    return {"type": "text", "text": text}


@pytest.mark.client("Jina", RERANK, "text")
def test_jina_texts(post, near):
    body = {"model": "jina-reranker-v3", "query": QUERY, "documents": near.captions, "return_documents": True}
    answer = post("/v1/rerank", body)
    check_results(answer["results"])
    assert answer["results"][0]["document"]["text"] in near.captions
    assert answer["usage"]["total_tokens"] > 0


@pytest.mark.client("Jina", RERANK, "picture")
def test_jina_pictures(post, near):
    documents = [{"image": picture} for picture in near.pictures]
    body = {"model": "jina-reranker-m0", "query": QUERY, "documents": documents, "return_documents": False}
    check_results(post("/v1/rerank", body)["results"])


@pytest.mark.client("Jina", "POST /v1/embeddings", "text and picture")
def test_jina_clip_embeddings(post, near):
    given = [{"text": near.captions[0]}, {"image": near.pictures[0].partition(",")[2]}]
    answer = post(
        "/v1/embeddings", {"model": "jina-clip-v2", "normalized": True, "embedding_type": "float", "input": given}
    )
    assert [len(each["embedding"]) for each in answer["data"]] == [128, 128]


@pytest.mark.client("Infinity", "POST /rerank", "text")
def test_infinity_texts(post, near):
    body = {"model": "any", "query": QUERY, "documents": near.captions, "return_documents": False, "raw_scores": False}
    answer = post("/rerank", body)
    check_results(answer["results"])
    assert answer["usage"]["prompt_tokens"] == answer["usage"]["total_tokens"]


@pytest.mark.client("vLLM", RERANK, "text")
def test_vllm_texts(post, near):
    answer = post("/v1/rerank", {"model": "any", "query": QUERY, "documents": near.captions, "top_n": 0})
    check_results(answer["results"])


@pytest.mark.client("vLLM", RERANK, "picture")
def test_vllm_pictures(post, near):
    documents = {"content": [part(picture) for picture in near.pictures]}
    apart = [{"content": [each]} for each in documents["content"]]
    check_results(post("/v1/rerank", {"model": "any", "query": QUERY, "documents": apart})["results"])


@pytest.mark.client("vLLM", RERANK, "text and picture")
def test_vllm_gives_a_document_of_two_parts_one_score(post, near):
    documents = [
        {"content": [words(caption), part(picture)]}
        for caption, picture in zip(near.captions, near.pictures, strict=True)
    ]
    query = {"content": [words(QUERY)]}
    check_results(post("/rerank", {"model": "any", "query": query, "documents": documents})["results"])


@pytest.mark.client("vLLM", SCORE, "text")
def test_vllm_scores_of_texts(post, near):
    answer = post("/v1/score", {"model": "any", "text_1": QUERY, "text_2": near.captions})
    in_order([each["score"] for each in answer["data"]])


@pytest.mark.client("vLLM", SCORE, "picture")
def test_vllm_scores_of_pictures(post, near):
    documents = [{"content": [part(picture)]} for picture in near.pictures]
    answer = post("/score", {"model": "any", "queries": QUERY, "documents": documents})
    in_order([each["score"] for each in answer["data"]])


@pytest.mark.client("SGLang", RERANK, "text")
def test_sglang_texts(post, near):
    check_results(post("/v1/rerank", {"query": QUERY, "documents": near.captions, "instruct": INSTRUCTION}), "score")


@pytest.mark.client("SGLang", RERANK, "picture")
def test_sglang_pictures(post, near):
    documents = [[part(picture)] for picture in near.pictures]
    check_results(post("/v1/rerank", {"query": [words(QUERY)], "documents": documents}), "score")


@pytest.mark.client("Text Embeddings Inference", "POST /rerank", "text")
def test_tei_texts(post, near):
    body = {"query": QUERY, "texts": near.captions, "raw_scores": False, "return_text": True, "truncate": True}
    answer = post("/rerank", body)
    check_results(answer, "score")
    assert [each["text"] for each in answer] == [near.captions[each["index"]] for each in answer]


@pytest.mark.client("Text Embeddings Inference", "POST /rerank", "error")
def test_tei_errors(post):
    assert set(post("/rerank", {"query": "", "texts": ["a"]})) == {"error", "error_type"}


@pytest.mark.client("Weaviate", "POST /rerank", "text")
def test_weaviate_texts(post, near):
    answer = post("/rerank", {"query": QUERY, "documents": near.captions, "property": ""})
    assert [each["document"] for each in answer["scores"]] == list(near.captions)
    in_order([each["score"] for each in answer["scores"]])


@pytest.mark.client("OpenSearch", RERANK, "text")
def test_opensearch_casts_every_score_to_a_double(post, near):
    results = post("/v1/rerank", {"query": QUERY, "documents": near.captions})["results"]
    check_results(results)
    assert all(isinstance(each["relevance_score"], float) for each in results)


@pytest.mark.client("Milvus", "POST /rerank", "text")
def test_milvus_names_no_model_and_wants_all_documents_back(post, near):
    check_results(post("/rerank", {"query": QUERY, "documents": near.captions})["results"])


@pytest.mark.client("Elasticsearch", "POST /elasticsearch/rerank", "text")
def test_elasticsearch_throws_at_a_field_it_does_not_know(post, near):
    answer = post("/elasticsearch/rerank", {"query": QUERY, "texts": near.captions, "return_text": True})
    check_results(answer, "score")
    assert all(set(each) == {"index", "score", "text"} for each in answer)


@pytest.mark.client("Elasticsearch", "POST /v1/rerank", "stored picture")
def test_elasticsearchs_custom_service_sends_strings_only(post, near):
    check_results(post("/v1/rerank", {"query": QUERY, "documents": near.ids, "ids_of": "demo"})["results"])


@pytest.mark.client("Gradio", "POST /api/predict/", "text", version="by curl")
def test_early_users_call_a_page(post, near):
    answer = post("/api/predict/", {"data": [INSTRUCTION, QUERY, list(near.captions)]})
    table, results = answer["data"]
    check_results(results, "score")
    assert near.captions[BEST] in table.splitlines()[2]


@pytest.mark.client("Gradio", "POST /api/predict/", "picture", version="by curl")
def test_early_users_send_pictures(post, near):
    answer = post("/api/predict/", {"data": ["", QUERY, [{"image": picture} for picture in near.pictures]]})
    check_results(answer["data"][1], "score")
