"""A real server takes another checkpoint while many ask it, by route and by signal, and fails nobody."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
import torch
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo" / "models" / "reranker"
ASKED = {"query": "a red mug", "documents": ["a red mug", "a blue bag", "two green lamps"]}
CALLERS = 6


@pytest.fixture(scope="module")
def tuned(tmp_path_factory) -> Path:
    """The demo reranker, a little moved: as a training would leave it."""
    folder = tmp_path_factory.mktemp("models") / "tuned"
    shutil.copytree(DEMO, folder)
    weights = load_file(folder / "model.safetensors")
    drawn = torch.Generator().manual_seed(1)
    for name, tensor in weights.items():
        if name.endswith("down_proj.weight"):
            weights[name] = tensor + 0.02 * torch.randn(tensor.shape, generator=drawn).to(tensor.dtype)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


@pytest.fixture
def server(tmp_path, tuned):
    """A server of its own process, and its address."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "LYCHEE_OTHER_RERANKERS": str(tuned.parent), "LYCHEE_PAGE": "0"}
    command = [Path(sys.executable).parent / "lychee", "serve", "--port", "0", "--collection", "none"]
    environment["LYCHEE_COLLECTIONS"] = str(tmp_path)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path)
    try:
        yield process, next(found[1] for line in process.stderr if (found := re.search(r"(http://\S+)/ready", line)))
    finally:
        process.terminate()
        process.communicate(timeout=60)


class Callers:
    """Ask again and again until told to stop, and note every answer."""

    def __init__(self, address):
        self.answers: list[tuple[int, tuple[float, ...]]] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(address,)) for _ in range(CALLERS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _ask(self, address):
        with httpx.Client(base_url=address, timeout=60) as client:
            while not self._stop.is_set():
                answer = client.post("/v1/rerank", json=ASKED)
                self.answers.append((answer.status_code, scores(answer) if answer.status_code == 200 else ()))

    def wait_for_more(self, count=3 * CALLERS):
        wanted, deadline = len(self.answers) + count, time.monotonic() + 60
        while len(self.answers) < wanted:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def scores(answer):
    ranked = sorted(answer.json()["results"], key=lambda result: result["index"])
    return tuple(round(result["relevance_score"], 4) for result in ranked)


def asked(address):
    return scores(httpx.post(f"{address}/v1/rerank", json=ASKED, timeout=60).raise_for_status())


@pytest.mark.slow
def test_a_server_under_load_takes_a_tuned_checkpoint_and_goes_back_without_a_failed_request(server, tuned):
    _, address = server
    before = asked(address)
    with httpx.Client(base_url=address, timeout=120) as client, Callers(address) as callers:
        callers.wait_for_more()
        changed = client.post("/v1/models/reload", json={"reranker": str(tuned)}).raise_for_status().json()
        assert changed["reranker"] == str(tuned)
        assert changed["previous"] == "demo"
        callers.wait_for_more()
        after = asked(address)
        refused = client.post("/v1/models/reload", json={"reranker": str(ROOT)})
        assert refused.status_code == 400
        assert "other_rerankers" in refused.json()["error"]["message"]
        assert client.post("/v1/models/back").raise_for_status().json()["reranker"] == "demo"
        callers.wait_for_more()
        assert asked(address) == before
    assert before != after
    assert {status for status, _ in callers.answers} == {200}
    assert {given for _, given in callers.answers} == {before, after}


@pytest.mark.slow
def test_signals_load_the_servers_own_again_and_go_back(server):
    process, address = server
    before = asked(address)
    with Callers(address) as callers:
        for number in (signal.SIGUSR2, signal.SIGUSR1, signal.SIGUSR2):
            process.send_signal(number)
            callers.wait_for_more()
    assert process.poll() is None
    assert {status for status, _ in callers.answers} == {200}
    assert {given for _, given in callers.answers} == {before}
