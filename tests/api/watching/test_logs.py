"""The log in JSON: one object a line, one line a request, and nothing in it that was searched for."""

import io
import json
import logging
import logging.config
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.toy_service import COLLECTION, toy_service

from api.watching.logs import ACCESS, log_config

ROOT = Path(__file__).parents[3]


@pytest.fixture
def lines():
    """The log in JSON, as objects, since it was last asked for; all loggers are as they were when the test ends."""
    root, names = logging.getLogger(), ("uvicorn.error", ACCESS, "PIL", "reranker.checkpoint")
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in names}
    logging.config.dictConfig(log_config("json"))
    (handler,) = root.handlers
    handler.setStream(io.StringIO())

    def told():
        text = handler.setStream(io.StringIO()).getvalue()
        return [json.loads(line) for line in text.splitlines()]

    yield told
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_every_request_is_one_line(lines, filled):
    lines()
    body = json.dumps({"query": "geheim", "candidates": 6})
    answer = filled.post(
        "/v1/search?secret=geheim",
        content=body,
        headers={"X-Request-Id": "mine-1", "Content-Type": "application/json", "Authorization": "Bearer geheim"},
    )
    (line,) = lines()
    told = datetime.fromisoformat(line["time"])
    assert line["time"].endswith("Z")
    assert timedelta(0) <= datetime.now(UTC) - told < timedelta(minutes=1)
    assert 0 < line.pop("ms") < 10_000
    del line["time"]
    assert line == {
        "level": "INFO", "logger": "api.access", "message": "POST /v1/search 200", "request_id": "mine-1",
        "method": "POST", "route": "/v1/search", "status": 200, "bytes_in": len(body),
        "bytes_out": len(answer.content),
    }  # fmt: skip


def test_paths_are_told_as_routes_and_ids_are_not(lines, client):
    lines()
    client.get(f"/v1/collections/{COLLECTION}/items/geheim")
    client.get("/geheim")
    client.request("GEHEIM", "/v1/search")
    text = json.dumps(told := lines())
    assert [line["route"] for line in told] == ["/v1/collections/{name}/items/{item_id}", "none", "/v1/search"]
    assert "geheim" not in text.lower()


def test_the_trace_of_an_unknown_error_is_one_string_with_the_requests_id(lines, client, reranker, monkeypatch):
    def fail(*_):
        raise RuntimeError("boom")

    monkeypatch.setattr(reranker, "score", fail)
    lines()
    answer = client.post("/v1/rerank", json={"query": "red", "documents": ["red"]})
    assert answer.status_code == 500
    failure, access = lines()
    assert failure["level"] == "ERROR"
    assert "Traceback" in failure["exception"]
    assert "RuntimeError: boom" in failure["exception"]
    assert failure["request_id"] == access["request_id"] == answer.headers["x-request-id"]
    assert access["status"] == 500


def test_what_is_logged_on_a_requests_thread_has_its_id(lines, start, settings, reranker):
    def load(given):
        service = toy_service(given, reranker)
        embed = service.embed

        def embed_and_log(*args, **options):
            logging.getLogger("somewhere").warning("so %s", "it is")
            return embed(*args, **options)

        service.embed = embed_and_log
        return service

    client = start(settings, load)
    lines()
    client.post("/v1/embeddings", json={"input": "red", "model": "x"}, headers={"X-Request-Id": "mine-2"})
    warning = lines()[0]
    assert (warning["message"], warning["request_id"]) == ("so it is", "mine-2")
    logging.getLogger("somewhere").warning("no request")
    assert "request_id" not in lines()[0]


def test_the_name_of_the_key_is_told(lines, start, settings, reranker, tmp_path):
    from api.guards.key_file import change_keys
    from api.guards.keys import make_key

    file = tmp_path / "keys.json"
    secret, key = make_key("shop", "read")
    change_keys(file, lambda keys: [*keys, key])
    client = start(settings.model_copy(update={"keys": file}), lambda given: toy_service(given, reranker))
    lines()
    client.get("/v1/collections", headers={"Authorization": f"Bearer {secret}"})
    client.get("/v1/collections")
    let_in, kept_out = lines()
    assert (let_in["key"], let_in["status"]) == ("shop", 200)
    assert (kept_out["status"], kept_out["route"]) == (401, "none")
    assert "key" not in kept_out
    assert secret not in json.dumps(let_in)


def test_broken_pictures_are_their_senders_affair(lines):
    lines()
    logging.getLogger("PIL.TiffImagePlugin").error("More samples per pixel than can be decoded: 9")
    assert lines() == []


@pytest.mark.slow
@pytest.mark.parametrize("log", ["text", "json"])
def test_a_server_writes_nothing_else_to_its_log(tmp_path, log):
    command = [sys.executable, "-c", "from search.cli.main import main; main()", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LYCHEE_LOG": log, "LYCHEE_ENCODER": "models/nowhere"}
    environment |= {"HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        written = [process.stderr.readline()]
        while "not ready" not in written[-1]:
            written.append(process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        written += process.communicate(timeout=60)[1].splitlines()
    assert process.returncode == 0
    if log == "text":
        assert len(written) == 1
        return
    told = [json.loads(line) for line in written]
    assert "uvicorn.error" in {line["logger"] for line in told}
    assert any("models/nowhere" in line["message"] for line in told)
