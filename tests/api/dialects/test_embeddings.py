"""/v1/embeddings and /v1/models, in OpenAI's shape."""

import base64
import threading

import numpy as np
import pytest
from support.toy_encoder import ToyEncoder
from support.toy_service import base64_of, data_uri, picture, toy_service

RED, BLUE = np.eye(16, dtype=np.float32)[[0, 2]]
SLASHED = "owner/model/tag"


def embed(client, given, **fields):
    answer = client.post("/v1/embeddings", json={"input": given, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


def vectors(answer):
    assert [each["index"] for each in answer["data"]] == list(range(len(answer["data"])))
    return np.array([each["embedding"] for each in answer["data"]], np.float32)


def error_of(answer, status):
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body["error"]) == {"message", "type", "param", "code"}
    assert body["error"]["code"] == status
    return body["error"]


def test_texts_and_pictures_have_vectors_in_one_space_in_the_order_of_the_input(idle):
    given = ["red", {"image": data_uri("blue")}, {"text": "blue"}, {"image": base64_of(picture("red"))}]
    answer = embed(idle, given)
    assert np.array_equal(vectors(answer), [RED, BLUE, BLUE, RED])
    assert (answer["object"], answer["model"]) == ("list", "toy-16")
    assert {each["object"] for each in answer["data"]} == {"embedding"}


@pytest.mark.parametrize("given", ["red", {"text": "red"}, {"image": data_uri("red")}, {"bytes": data_uri("red")}])
def test_a_single_input_needs_no_list(idle, given):
    assert np.array_equal(vectors(embed(idle, given)), [RED])


@pytest.mark.parametrize("name", ["encoding_format", "embedding_type", "encoding_type"])
def test_base64_holds_the_same_numbers_little_endian(idle, name):
    given = ["a red mug", {"image": data_uri("blue")}]
    rows = [base64.b64decode(each["embedding"]) for each in embed(idle, given, **{name: "base64"})["data"]]
    assert np.array_equal([np.frombuffer(row, "<f4") for row in rows], vectors(embed(idle, given)))


def said(*contents, role="user"):
    return [{"role": role, "content": content} for content in contents]


def picture_of(colour):
    return [{"type": "image_url", "image_url": {"url": data_uri(colour)}}]


def test_conversations_have_the_vector_of_what_their_user_says(idle):
    told = [*said("Represent what you are given", role="system"), *said(picture_of("red")), *said("", role="assistant")]
    given = [told, said("blue"), said([{"type": "text", "text": "red"}]), said(picture_of("blue"))]
    fields = {"add_special_tokens": True, "continue_final_message": True, "truncate_prompt_tokens": 99}
    answer = idle.post("/v1/embeddings", json={"messages": given, **fields})
    assert np.array_equal(vectors(answer.json()), [RED, BLUE, RED, BLUE])
    assert answer.json()["usage"]["total_tokens"] == 2


def test_a_single_conversation_needs_no_list(idle):
    answer = idle.post("/v1/embeddings", json={"messages": said("red"), "encoding_format": "base64"})
    assert base64.b64decode(answer.json()["data"][0]["embedding"]) == RED.tobytes()


@pytest.mark.parametrize(
    ("messages", "status", "param", "words"),
    [
        ([], 422, "messages", "at least 1"),
        ("red", 422, "messages", "must be a list"),
        ([said("a"), said("a", "b")], 422, "messages[1]", "one message of the role `user`"),
        (said("a", role="system"), 422, "messages[0]", "one message of the role `user`"),
        (said("a", role="narrator"), 422, "messages[0][0].role", "'user'"),
        (said([*picture_of("red"), *picture_of("red")]), 422, "messages[0][0].content", "2 pictures"),
        (said([{"type": "text", "text": "red"}, *picture_of("red")]), 400, "messages[0]", "one by one"),
        ([said("a"), said("")], 400, "messages[1]", "neither a text nor an image"),
        ([said("a")] * 1001, 413, "messages", "at most 1,000"),
    ],
)
def test_bad_messages_are_named(idle, messages, status, param, words):
    error = error_of(idle.post("/v1/embeddings", json={"messages": messages}), status)
    assert words in error["message"]
    assert error["param"] == param


def test_usage_counts_the_tokens_of_texts(idle):
    usage = embed(idle, ["a red mug", {"image": data_uri("red")}, "word " * 40])["usage"]
    assert usage == {"prompt_tokens": 3 + 16, "total_tokens": 3 + 16}


def test_what_clients_send_beside_the_input_is_taken(idle):
    fields = {"model": "text-embedding-3-small", "user": "u", "normalized": True, "dimensions": 16}
    assert np.array_equal(vectors(embed(idle, "red", **fields)), [RED])


@pytest.mark.parametrize(
    ("body", "status", "param", "words"),
    [
        ({}, 422, "input", "required"),
        ({"input": []}, 422, "input", "at least 1"),
        ({"input": None}, 422, "input[0]", "must be a string (text) or an object"),
        ({"input": 5}, 422, "input", "token ids"),
        ({"input": [1, 2, 3]}, 422, "input", "check_embedding_ctx_length=False"),
        ({"input": [[1, 2], [3]]}, 422, "input", "token ids"),
        ({"input": ["a", ["b"]]}, 422, "input[1]", "must be a string (text) or an object"),
        ({"input": ["a", {"image_url": "x"}]}, 422, "input[1].image_url", "not a field"),
        ({"input": ["a", ""]}, 400, "input[1]", "neither a text nor an image"),
        ({"input": [{"text": "red", "image": data_uri("red")}]}, 400, "input[0]", "one by one"),
        ({"input": ["a", {"image": "no base64!"}]}, 400, "input[1].image", "base64"),
        ({"input": {"image": base64_of(b"no picture")}}, 415, "input[0].image", ""),
        ({"input": {"image": "https://example.com/a.png"}}, 400, "input[0].image", "switched off"),
        ({"input": ["a", data_uri("red")]}, 422, "input[1]", 'send {"image": "data:image/..."}'),
        ({"input": "a\0b"}, 400, "input[0].text", "NUL"),
        ({"input": "a", "dimensions": 8}, 400, "dimensions", "16 dimensions and are not cut to 8"),
        ({"input": "a", "dimensions": 0}, 422, "dimensions", "at least 1"),
        ({"input": "a", "encoding_format": "int8"}, 422, "encoding_format", "'float' or 'base64'"),
        ({"input": "a", "normalized": False}, 422, "normalized", "True"),
        ({"input": "a", "inputs": "b"}, 422, "inputs", "not a field"),
        ({"input": ["a"] * 1001}, 413, "input", "at most 1,000"),
        ([], 422, None, "must be an object"),
    ],
)
def test_bad_input_is_named_as_openai_names_it(idle, body, status, param, words):
    error = error_of(idle.post("/v1/embeddings", json=body), status)
    assert error["param"] == param
    assert words in error["message"]


def test_the_models_of_both_stages_are_listed_and_each_can_be_read(idle):
    answer = idle.get("/v1/models").json()
    assert answer["object"] == "list"
    assert [(model["id"], model["uses"]) for model in answer["data"]] == [
        ("toy-16", ["embeddings"]),
        ("toy-reranker", ["rerank"]),
    ]
    for model in answer["data"]:
        assert (model["object"], model["owned_by"]) == ("model", "lychee-search")
        assert model["created"] > 1_700_000_000
        assert idle.get(f"/v1/models/{model['id']}").json() == model


def test_a_model_that_is_not_there_is_refused_with_those_that_are(idle):
    error = error_of(idle.get("/v1/models/gpt/4"), 404)
    assert "'gpt/4'" in error["message"]
    assert "toy-16, toy-reranker" in error["message"]


@pytest.fixture
def one_name(start, settings, reranker):
    """A server both of whose models are called owner/model/tag."""

    def load(given):
        service = toy_service(given, reranker)
        service.encoder.name = service.reranker.name = SLASHED
        return service

    return start(settings, load)


def test_two_models_of_one_name_are_one_with_two_uses(one_name):
    (model,) = one_name.get("/v1/models").json()["data"]
    assert model["uses"] == ["embeddings", "rerank"]


@pytest.mark.parametrize("path", [SLASHED, SLASHED.replace("/", "%2F")])
def test_a_name_may_hold_slashes_written_out_or_escaped(one_name, path):
    assert one_name.get(f"/v1/models/{path}").json()["id"] == SLASHED


def test_without_stage_2_there_is_one_model_and_embeddings_go_on(start, settings):
    client = start(settings, lambda given: toy_service(given, None))
    assert [model["id"] for model in client.get("/v1/models").json()["data"]] == ["toy-16"]
    assert np.array_equal(vectors(embed(client, "red")), [RED])


def test_until_the_models_are_there_the_answer_is_503_in_the_same_shape(start, settings):
    wait = threading.Event()

    def load(given):
        wait.wait(10)
        return toy_service(given, None)

    client = start(settings, load, wait=False)
    try:
        for answer in (
            client.get("/v1/models"),
            client.get("/v1/models/toy-16"),
            client.post("/v1/embeddings", json={"input": "red"}),
        ):
            assert error_of(answer, 503)["type"] == "not_ready"
    finally:
        wait.set()


def test_listing_waits_for_no_device(client, reranker):
    reranker.gate.clear()
    judged = threading.Thread(
        target=client.post, args=("/v1/rerank",), kwargs={"json": {"query": "red", "documents": ["red"]}}
    )
    judged.start()
    try:
        assert reranker.waiting.wait(10)
        assert client.get("/v1/models").status_code == 200
    finally:
        reranker.gate.set()
        judged.join(10)


def test_the_limit_of_inputs_is_a_setting(start, settings, reranker):
    small = settings.model_copy(update={"max_documents": 2})
    client = start(small, lambda given: toy_service(given, reranker))
    assert len(embed(client, ["a", "b"])["data"]) == 2
    error = error_of(client.post("/v1/embeddings", json={"input": ["a", "b", "c"]}), 413)
    assert "at most 2" in error["message"]


def test_every_entry_is_encoded_once_however_many_batches_it_takes(start, settings, reranker):
    small = settings.model_copy(update={"encoder_batch_size": 2})
    services = []
    client = start(small, lambda given: services.append(toy_service(given, reranker)) or services[0])
    got = vectors(embed(client, ["red", {"image": data_uri("blue")}, "blue", "mug", {"image": data_uri("red")}]))
    plain = ToyEncoder().encode_texts(["red", "blue", "blue", "mug", "red"])
    assert np.array_equal(got, plain)
    assert (services[0].encoder.texts_encoded, services[0].encoder.images_encoded) == (3, 2)


def test_what_clients_of_jina_ask_for_besides_changes_nothing(idle):
    plain = idle.post("/v1/embeddings", json={"input": ["red"]}).json()["data"]
    asked = {"task": "retrieval.query", "truncate": True, "late_chunking": False, "encoding_type": "float"}
    assert idle.post("/v1/embeddings", json={"input": ["red"], **asked}).json()["data"] == plain
    assert idle.post("/v1/embeddings", json={"input": ["red"], "late_chunking": True}).status_code == 422
