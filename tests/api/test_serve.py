"""`lychee serve` with the demo models, as its user meets it: index over HTTP, search, look at a picture, restart."""

import base64
import os
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from support.error_line import one_error_line
from support.guarded import add_key, bearer
from support.toy_service import data_uri

ROOT = Path(__file__).parents[2]
START = "from search.cli.main import main; main()"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[httpx.Client]:
    """A client of `lychee serve` in `folder`, once it says that it is ready; ended by SIGTERM."""
    command = [sys.executable, "-c", START, "serve", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline()
            url = re.search(r"http://\S+", line)
            assert url, line + process.stderr.read()
            with httpx.Client(base_url=url[0], timeout=60) as client:
                yield client
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=60)
            assert process.returncode == 0
            assert out == ""
            assert re.fullmatch(r".* INFO reranker\.checkpoint: the model takes \d+\.\d MB on \w+\n", err)
        finally:
            process.kill()


def make_collection(folder: Path) -> None:
    from indexer.collection import Collection
    from search.assembly import load_encoder
    from search.settings import Settings

    Collection.create(folder / "collections" / "demo", load_encoder(Settings())).close()


@pytest.mark.slow
def test_what_was_indexed_over_http_is_found_seen_and_there_after_a_restart(tmp_path):
    make_collection(tmp_path)
    with serving(tmp_path) as client:
        ready = client.get("/ready")
        assert ready.status_code == 200
        assert ready.json()["items"] == 0
        items = [{"id": f"颜色/{colour}", "image": data_uri(colour)} for colour in ("red", "blue")]
        items.append({"id": "note", "text": "two red mugs", "metadata": {"price": 3.0}})
        stored = client.post("/v1/collections/demo/items", json={"items": items})
        assert stored.json()["ids"] == ["颜色/red", "颜色/blue", "note"]
        found = search(client)
        picture = client.get("/v1/collections/demo/items/颜色/red/image")
        assert picture.headers["content-type"] == "image/png"
        documents = ["two red mugs", {"image": data_uri("red")}, {"image": "no picture"}]
        results = client.post("/v1/rerank", json={"query": {"image": data_uri("red")}, "documents": documents}).json()
        assert sorted(result["index"] for result in results["results"]) == [0, 1, 2]
        assert results["results"][-1]["error"]
        assert results["usage"]["total_tokens"] > 20
    with serving(tmp_path) as client:
        assert client.get("/ready").json()["items"] == 3
        again = search(client)
        assert [(hit["id"], hit["score"]) for hit in again] == [(hit["id"], hit["score"]) for hit in found]
        assert client.get("/v1/collections/demo/items/颜色/red/image").content == picture.content
        assert client.get("/v1/collections/demo/items/note").json()["metadata"] == {"price": 3.0}


@pytest.mark.slow
def test_a_picture_of_broken_tags_leaves_no_line_in_the_log(tmp_path):
    tags = {256: (3, 8), 257: (3, 8), 258: (3, 8), 262: (3, 1), 273: (4, 8), 278: (3, 8), 279: (4, 64)}
    entries = [(tag, kind, 1, value) for tag, (kind, value) in tags.items()]
    entries += [(tag, 1, 1000, 2**31) for tag in range(1000, 1100)]  # all of them beyond the end of the file
    data = b"II*\0" + struct.pack("<I", 72) + bytes(64) + struct.pack("<H", len(entries))
    data += b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    document = {"image": base64.b64encode(data).decode()}
    make_collection(tmp_path)
    with serving(tmp_path) as client:  # which looks at its log
        answer = client.post("/v1/rerank", json={"query": "a mug", "documents": [document]})
        assert "error" not in answer.json()["results"][0]


def search(client):
    answer = client.post("/v1/search", json={"query": {"text": "mugs", "image": data_uri("red")}, "explain": True})
    assert answer.status_code == 200, answer.text
    hits = answer.json()["hits"]
    assert {hit["id"] for hit in hits} == {"颜色/red", "颜色/blue", "note"}
    assert all(0.0 < hit["score"] < 1.0 and hit["retrieval"]["channels"] for hit in hits)
    return hits


@pytest.mark.slow
def test_a_model_that_is_not_there_is_one_line_and_the_process_keeps_telling(tmp_path):
    command = [sys.executable, "-c", START, "serve", "--port", "0", "--encoder", "models/nowhere"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stderr.readline()
            assert "models/nowhere" in line
            url = re.search(r"http://\S+/ready", line)[0]
            answer = httpx.get(url)
            assert answer.status_code == 503
            assert "models/nowhere" in answer.json()["error"]["message"]
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=60)
            assert process.returncode == 0
            assert "Traceback" not in out + err
        finally:
            process.kill()


@contextmanager
def begun(folder: Path, *options: str) -> Iterator[tuple[str, str]]:
    """`lychee serve` with a model that is not there, which it tells soon: its URL, and what it wrote on stderr."""
    command = [sys.executable, "-c", START, "serve", "--port", "0", "--encoder", "models/nowhere", *options]
    with subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = []
            while not (url := re.search(r"http://\S+(?=/ready)", "".join(lines))):
                lines.append(process.stderr.readline())
                assert lines[-1], "".join(lines)
            yield url[0], "".join(lines)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


@pytest.mark.slow
def test_a_server_opened_to_the_network_without_keys_says_so_loudly(tmp_path):
    with begun(tmp_path, "--host", "0.0.0.0") as (_, err):
        told, logged = [line for line in err.splitlines() if "0.0.0.0 is open to the network" in line]
        assert told.startswith("WARNING")
        assert " WARNING api.guards.stack: " in logged
        assert "lychee keys add NAME" in logged
        assert len(err.splitlines()) >= 6
        assert err.count("--keys") == 2


@pytest.mark.slow
def test_with_keys_it_asks_for_them_and_does_not(tmp_path):
    secret = add_key(tmp_path / "keys.json", "reader")
    with begun(tmp_path, "--host", "0.0.0.0", "--keys", "keys.json") as (url, err):
        assert "open to the network" not in err
        assert httpx.get(f"{url}/v1/collections").status_code == 401
        assert httpx.get(f"{url}/v1/collections", headers=bearer(secret)).status_code == 503


def test_a_key_file_that_is_not_there_is_one_line_and_exit_code_2(tmp_path):
    command = [sys.executable, "-c", START, "serve", "--port", "0", "--keys", "keys.json"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "lychee keys add NAME --file keys.json" in one_error_line(done.stderr)
