"""Who gets in over HTTP, and what those are told who do not."""

import logging

import pytest
from support.guarded import add_key, bearer
from support.toy_service import toy_service

SEARCH = {"query": "red"}


def search(guarded, headers):
    return guarded.client.post("/v1/search", json=SEARCH, headers=headers)


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key", "api-key"])
def test_a_key_is_taken_from_any_header_that_clients_put_it_in(guarded, header):
    value = f"Bearer {guarded.reader}" if header == "Authorization" else guarded.reader
    assert search(guarded, {header: value}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({}, "needs an API key"),
        ({"Authorization": ""}, "needs an API key"),
        ({"Authorization": "Bearer"}, "needs an API key"),
        ({"Authorization": "Basic dTpw"}, "needs an API key"),
        ({"Authorization": "Bearer lychee_guessed"}, "none of this server's"),
        ({"Authorization": "Bearer None"}, "none of this server's"),
        ({"X-API-Key": "lychee_guessed"}, "none of this server's"),
        ({"Authorization": b"Bearer lychee_\xff\xfe"}, "none of this server's"),
    ],
)
def test_without_a_key_that_is_known_nobody_gets_in(guarded, headers, words):
    answer = search(guarded, headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    error = answer.json()["error"]
    assert error["type"] == "unauthorized"
    assert words in error["message"]
    assert "Authorization: Bearer" in error["message"]
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_a_key_is_not_repeated_to_its_sender_nor_to_the_log(guarded, caplog):
    caplog.set_level(logging.DEBUG)
    wrong = guarded.writer[:-1] + ("a" if guarded.writer[-1] != "a" else "b")
    answers = [search(guarded, bearer(key)) for key in (wrong, guarded.reader)]
    answers.append(guarded.client.put("/v1/collections/new", headers=bearer(guarded.reader)))
    assert [each.status_code for each in answers] == [401, 200, 403]
    told = caplog.text + "".join(each.text + str(each.headers) for each in answers)
    assert "lychee_" not in told.replace("lychee_...", "")


def test_a_key_that_may_only_read_changes_nothing(guarded):
    answer = guarded.client.put("/v1/collections/new", headers=bearer(guarded.reader))
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "forbidden")
    assert "reader" in answer.json()["error"]["message"]
    assert "--scope write" in answer.json()["error"]["message"]
    assert guarded.client.get("/v1/collections/new", headers=bearer(guarded.writer)).status_code == 404
    assert guarded.client.put("/v1/collections/new", headers=bearer(guarded.writer)).status_code == 201


def test_nothing_of_a_body_is_read_before_the_key(guarded):
    def body():
        pytest.fail("the body was asked for")
        yield b""

    assert guarded.client.post("/v1/search", content=body()).status_code == 401


def test_clients_of_other_servers_read_the_refusal_in_their_shape(guarded):
    told = guarded.client.post("/v1/rerank", json={}).json()
    assert told["message"] == told["detail"] == told["error"]["message"]
    assert guarded.client.post("/v1/embeddings", json={}).json()["error"]["code"] == 401


def test_readiness_tells_strangers_nothing_but_itself(guarded, keyed, start):
    assert guarded.client.get("/ready").json() == {"status": "ready"}
    assert guarded.client.get("/ready", headers=bearer("lychee_guessed")).json() == {"status": "ready"}
    assert guarded.client.get("/ready", headers=bearer(guarded.reader)).json()["encoder"] == "toy-16"

    def load(_):
        raise RuntimeError("/secret/folder")

    broken = start(keyed, load, wait=False)
    while "could not be" not in broken.get("/ready", headers=bearer(guarded.reader)).text:
        pass
    for path in ("/ready", "/v1/models", "/.well-known/ready"):
        answer = broken.get(path)
        assert answer.status_code == 503
        assert "RuntimeError" not in answer.text


def test_keys_come_and_go_without_a_restart(guarded):
    late = add_key(guarded.file, "late")
    assert search(guarded, bearer(late)).status_code == 200
    guarded.file.write_text('{"keys": []}')
    assert search(guarded, bearer(late)).status_code == 401
    guarded.file.write_text("")
    assert search(guarded, bearer(guarded.writer)).status_code == 401


@pytest.mark.parametrize("damage", ["gone", "cut", "other", "folder"])
def test_a_file_that_cannot_be_read_lets_nobody_in_and_is_no_empty_one(guarded, damage, caplog):
    before = guarded.file.read_text()
    guarded.file.unlink()
    if damage == "folder":
        guarded.file.mkdir()
    elif damage != "gone":
        guarded.file.write_text(before[:-20] if damage == "cut" else before.replace('"scope"', '"scopes"'))
    for headers in ({}, bearer(guarded.reader), bearer(guarded.writer)):
        answer = search(guarded, headers)
        assert (answer.status_code, answer.json()["error"]["type"]) == (503, "not_ready")
        assert "keys" in answer.json()["error"]["message"]
        assert str(guarded.file) not in answer.text
    assert guarded.client.get("/health").status_code == 200
    assert guarded.client.get("/ready").json() == {"status": "ready"}
    (record,) = [each for each in caplog.records if each.name == "api.guards.key_ring"]
    assert record.levelname == "ERROR"
    assert str(guarded.file) in record.getMessage()
    if damage == "folder":
        guarded.file.rmdir()
    guarded.file.write_text(before)
    assert search(guarded, bearer(guarded.reader)).status_code == 200


def test_who_asks_more_often_than_the_key_may_is_told_when_there_is_room(guarded):
    hasty = add_key(guarded.file, "hasty", rate=3)
    assert [search(guarded, bearer(hasty)).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = search(guarded, bearer(hasty))
    assert refused.json()["error"]["type"] == "rate_limited"
    assert "3 times in a minute" in refused.json()["error"]["message"]
    assert 55 <= int(refused.headers["Retry-After"]) <= 60
    assert search(guarded, bearer(guarded.reader)).status_code == 200
    assert guarded.client.get("/health", headers=bearer(hasty)).status_code == 200


def test_there_is_room_again_when_the_answer_said(guarded, monkeypatch):
    hasty = add_key(guarded.file, "hasty", rate=1)
    search(guarded, bearer(hasty))
    wait = int(search(guarded, bearer(hasty)).headers["Retry-After"])
    import limits.storage.memory as clock

    real = clock.time.time
    monkeypatch.setattr(clock.time, "time", lambda: real() + wait)
    assert search(guarded, bearer(hasty)).status_code == 200


def test_without_the_setting_nobody_needs_a_key(start, settings, reranker):
    client = start(settings, lambda given: toy_service(given, reranker))
    assert client.post("/v1/search", json=SEARCH).status_code == 200
    assert client.post("/v1/search", json=SEARCH, headers=bearer("whatever")).status_code == 200


def test_the_openapi_document_says_which_operations_need_a_key(guarded, idle):
    document = guarded.client.get("/openapi.json").json()
    ((name, scheme),) = document["components"]["securitySchemes"].items()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert document["security"] == [{name: []}]
    assert document["paths"]["/health"]["get"]["security"] == []
    assert "security" not in document["paths"]["/v1/search"]["post"]
    assert guarded.client.get("/docs").status_code == 200
    without = idle.get("/openapi.json").json()
    assert "security" not in without
    assert "securitySchemes" not in without["components"]


def test_a_browser_is_told_not_to_guess_types(guarded):
    for path in ("/docs", "/health", "/v1/collections", "/nothing"):
        assert guarded.client.get(path).headers["X-Content-Type-Options"] == "nosniff"
    page = guarded.client.get("/docs")
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
