"""A server as a process, with a collection of pictures, as the programs of the recipes meet it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.toy_reranker import COLOURS
from support.toy_service import data_uri

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[httpx.Client]:
    process = subprocess.Popen(
        [sys.executable, "-m", "support.toy_server", str(tmp_path_factory.mktemp("collections"))],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        headers = {"Authorization": "Bearer KEY"}
        with httpx.Client(base_url=process.stdout.readline().strip(), timeout=30, headers=headers) as client:
            _until_ready(client)
            _fill(client)
            yield client
    finally:
        process.kill()
        process.communicate()


def _until_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while client.get("/ready").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _fill(client: httpx.Client) -> None:
    client.put("/v1/collections/photos").raise_for_status()
    items = [{"id": f"mug-{colour}", "image": data_uri(colour)} for colour in COLOURS]
    client.post("/v1/collections/photos/items", json={"items": items}).raise_for_status()
