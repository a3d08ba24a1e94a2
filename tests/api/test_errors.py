"""Whatever is wrong with a request, the answer has one shape, the right status, and names the field."""

import json
import logging

import pytest
from support.toy_service import base64_of, data_uri, half_a_picture, toy_service

from api.errors import TABLE, status_and_type
from content import errors as content_errors
from content.errors import LycheeError

JSON = {"Content-Type": "application/json"}
NOT_AN_IMAGE = base64_of(b"This is a text file, and not a picture at all.")
TRUNCATED = base64_of(half_a_picture())


def error_of(answer, status):
    """The error, after what all errors have in common was checked."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error", "request_id"}
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert set(body["error"]) <= {"type", "message", "param"}
    assert "Traceback" not in answer.text
    return body["error"]


def mentions(error, param, words):
    assert error.get("param") == param
    assert words in error["message"]
    assert param is None or param in error["message"]
    assert len(error["message"]) < 400


@pytest.mark.parametrize(
    ("body", "status", "type_", "param", "words"),
    [
        ({"query": ""}, 400, "invalid_input", "query", "neither"),
        ({"query": " \n"}, 400, "invalid_input", "query", "neither"),
        ({"query": {}}, 400, "invalid_input", "query", "neither"),
        ({}, 422, "schema_error", "query", "required"),
        ({"query": 3}, 422, "schema_error", "query", "must be a string (text), an object with"),
        ({"query": {"imgae": "x"}}, 422, "schema_error", "query.imgae", "not a field"),
        ({"query": {"text": ["a"]}}, 422, "schema_error", "query.text", "must be a string"),
        ({"query": "a", "filters": {"price": 1}}, 422, "schema_error", "filters", "not a field"),
        ({"query": "a", "normalise": "minmax"}, 422, "schema_error", "normalise", "not a field"),
        ({"query": "a", "normalize": "MINMAX"}, 422, "schema_error", "normalize", "'minmax', got \"MINMAX\""),
        ({"query": "a", "normalize": True}, 422, "schema_error", "normalize", "'minmax', got true"),
        ({"query": "a", "candidates": 0}, 422, "schema_error", "candidates", "at least 1, got 0"),
        ({"query": "a", "candidates": 10_001}, 422, "schema_error", "candidates", "at most 1000, got 10001"),
        ({"query": "a", "candidates": "100"}, 422, "schema_error", "candidates", 'a whole number, got "100"'),
        ({"query": "a", "candidates": True}, 422, "schema_error", "candidates", "a whole number, got true"),
        ({"query": "a", "top_k": 0}, 422, "schema_error", "top_k", "at least 1"),
        ({"query": "a", "top_k": 2.5}, 422, "schema_error", "top_k", "a whole number"),
        ({"query": "a", "score_threshold": 1.5}, 422, "schema_error", "score_threshold", "at most 1"),
        ({"query": "a", "score_threshold": -0.1}, 422, "schema_error", "score_threshold", "at least 0"),
        ({"query": "a", "target": "video"}, 422, "schema_error", "target", "'any', 'image' or 'text', got \"video\""),
        ({"query": "a", "scale": 5}, 422, "schema_error", "scale", "1 or 10, got 5"),
        ({"query": "a", "scale": True}, 422, "schema_error", "scale", "1 or 10, got true"),
        ({"query": "a", "scale": 10.0}, 422, "schema_error", "scale", "1 or 10, got 10.0"),
        ({"query": "a", "scale": "10"}, 422, "schema_error", "scale", '1 or 10, got "10"'),
        ({"query": "a", "scale": None}, 422, "schema_error", "scale", "1 or 10, got null"),
        ({"query": "a", "raise_on_error": 1}, 422, "schema_error", "raise_on_error", "true or false, got 1"),
        ({"query": "a", "instruction": ""}, 422, "schema_error", "instruction", "must not be empty"),
        ({"query": "a", "rerank": "no"}, 422, "schema_error", "rerank", "true or false"),
        ({"query": {"image": "not base64!"}}, 400, "invalid_input", "query.image", "base64"),
        ({"query": {"image": "file:///etc/passwd"}}, 400, "invalid_input", "query.image", "data URI"),
        ({"query": {"image": "/etc/passwd"}}, 415, "not_an_image", "query.image", ""),
        ({"query": {"image": "https://example.com/a.png"}}, 400, "url_refused", "query.image", "switched off"),
        ({"query": {"image": NOT_AN_IMAGE}}, 415, "not_an_image", "query.image", ""),
        ({"query": {"image": TRUNCATED}}, 415, "truncated_image", "query.image", ""),
        ({"query": {"text": "a\0b"}}, 400, "invalid_input", "query.text", "NUL"),
        ({"query": "a", "score_threshold": 0.5, "rerank": False}, 400, "invalid_input", "score_threshold", "stage 2"),
        ({"query": "a", "scale": 10, "rerank": False}, 400, "invalid_input", "scale", "stage 2"),
        ({"query": "a", "normalize": "minmax", "rerank": False}, 400, "invalid_input", "normalize", "stage 2"),
        ({"query": "a", "candidates": 10**4000}, 422, "schema_error", "candidates", "at most 1000, got 1000"),
        ({"query": "a", "x" * 9999: 1}, 422, "schema_error", "x" * 80 + "...", "not a field"),
        ({"query": "a", "target": "é" * 9999}, 422, "schema_error", "target", "é..."),
        ({"query": "a", "collection": "nothing"}, 404, "not_found", "collection", "nothing"),
        ({"query": "a", "collection": "../up"}, 400, "invalid_input", "collection", ""),
        ({"query": "a", "collection": ""}, 400, "invalid_input", "collection", "no name"),
    ],
)
def test_a_bad_search_is_told_what_is_wrong(idle, body, status, type_, param, words):
    error = error_of(idle.post("/v1/search", json=body), status)
    assert error["type"] == type_
    mentions(error, param, words)


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b'{"query": "a",}', 400, "line 1 column 15"),
        (b'{"query": "a"', 400, "EOF"),
        (b'{"query": NaN}', 400, "line 1 column 11"),
        (b'{"query": "a", "score_threshold": Infinity}', 400, "column"),
        (b"[" * 100_000, 400, "recursion"),
        (b'{"query": ' * 100_000, 400, "recursion"),
        (b'{"query": "\\ud800"}', 400, "column"),
        (b'{"query": "\xff"}', 400, "not valid JSON"),
        (b"", 400, "empty"),
        (b"[1]", 422, "must be an object, got a list"),
        (b'"query"', 422, 'must be an object, got "query"'),
        (b'{"query": "a", "score_threshold": 1e999}', 422, "finite"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(idle, content, status, words):
    error = error_of(idle.post("/v1/search", content=content, headers=JSON), status)
    assert words in error["message"]


@pytest.mark.parametrize("type_", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_is_refused(idle, type_):
    error = error_of(idle.post("/v1/search", content=b'{"query": "a"}', headers={"Content-Type": type_}), 415)
    assert error["type"] == "unsupported_media_type"
    assert "Content-Type: application/json" in error["message"]


@pytest.mark.parametrize("type_", ["application/json", "application/json; charset=utf-8", "application/vnd.api+json"])
def test_json_by_any_of_its_names_is_read(idle, type_):
    answer = idle.post("/v1/search", content=b'{"query": "a"}', headers={"Content-Type": type_})
    assert answer.status_code == 200, answer.text


def test_a_body_over_the_limit_is_refused_by_its_length_and_by_its_bytes(start, settings, reranker):
    small = settings.model_copy(update={"max_body_bytes": 1000})
    client = start(small, lambda given: toy_service(given, reranker))
    body = json.dumps({"query": "a" * 2000}).encode()
    declared = error_of(client.post("/v1/search", content=body, headers=JSON), 413)
    streamed = error_of(client.post("/v1/search", content=iter([body[:900], body[900:]]), headers=JSON), 413)
    assert declared["type"] == streamed["type"] == "too_large"
    assert "limit" in declared["message"]
    assert client.post("/v1/search", json={"query": "a"}).status_code == 200


@pytest.mark.parametrize(("limit", "value"), [("max_image_pixels", 63), ("max_image_bytes", 50)])
def test_a_picture_over_a_limit_is_refused(start, settings, reranker, limit, value):
    small = settings.model_copy(update={limit: value})
    client = start(small, lambda given: toy_service(given, reranker))
    error = error_of(client.post("/v1/search", json={"query": {"image": data_uri("red")}}), 413)
    assert error["type"] == "too_large"
    mentions(error, "query.image", str(value))


def test_unknown_routes_and_methods_have_the_same_shape(idle):
    missing = error_of(idle.get("/v1/nothing"), 404)
    assert missing["type"] == "not_found"
    assert "/v1/nothing" in missing["message"]
    wrong = idle.get("/v1/search")
    assert error_of(wrong, 405)["type"] == "method_not_allowed"
    assert "POST" in wrong.headers["Allow"]


def test_a_request_id_is_taken_over_when_it_is_harmless(idle):
    assert idle.get("/health", headers={"X-Request-Id": "abc-123"}).headers["X-Request-Id"] == "abc-123"
    made = idle.get("/health", headers={"X-Request-Id": "a b\tc"}).headers["X-Request-Id"]
    assert made != "a b\tc"
    assert len(made) == 32


def test_an_unknown_error_is_a_plain_500_with_the_details_in_the_log(start, settings, reranker, caplog):
    def broken(*_):
        raise RuntimeError("secret detail")

    client = start(settings, lambda given: toy_service(given, reranker))
    reranker.score = broken
    client.post("/v1/collections/toys/items", json={"items": [{"text": "red"}]})
    with caplog.at_level(logging.ERROR):
        answer = client.post("/v1/search", json={"query": "red"})
    error = error_of(answer, 500)
    assert error["type"] == "internal_error"
    assert "secret" not in answer.text
    assert answer.json()["request_id"] in error["message"]
    assert "secret detail" in caplog.text
    assert answer.json()["request_id"] in caplog.text
    assert client.get("/ready").status_code == 200


def test_every_error_class_has_its_status():
    classes = [each for each in vars(content_errors).values() if isinstance(each, type)]
    assert len(classes) > 10
    for each in classes:
        assert issubclass(each, LycheeError)
        status, type_ = status_and_type(each("why"))
        assert 400 <= status < 600
        assert type_ == type_.lower()
    assert set(TABLE) <= set(classes)
