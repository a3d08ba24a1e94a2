"""A real `lychee serve` with the demo models and a small demo catalogue. Knows nothing of browsers."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[3]
_LYCHEE = "from search.cli.main import main; main()"
_PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class Server:
    """url: without a slash at its end. catalogue: the folder with items.jsonl and pictures/ that `demo` was made of."""

    url: str
    folder: Path
    catalogue: Path
    pid: int


def engine_answer(url: str, body: Mapping[str, Any], route: str = "/v1/search") -> dict[str, Any]:
    """What the engine itself answers, to compare what is seen with."""
    answer = httpx.post(url + route, json=dict(body), timeout=_PATIENCE_S, trust_env=False)
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


def draw_catalogue(folder: Path, items: int = 300) -> Path:
    """Draws the demo catalogue into a folder below `folder`."""
    catalogue = folder / "catalogue"
    _run(folder, "-m", "demo.catalogue", str(catalogue), "--items", str(items))
    return catalogue


def index_catalogue(folder: Path, catalogue: Path, collection: str = "demo") -> None:
    """Makes a collection of it, below `folder`/collections."""
    _run(folder, "-c", _LYCHEE, "index", str(catalogue / "items.jsonl"), "--collection", collection)


@contextmanager
def serving(
    folder: Path, catalogue: Path, options: Sequence[str] = (), settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server over `folder`/collections, from when its models and its page are there; ended by SIGTERM.

    options: of `lychee serve`. settings: more of its environment, such as LYCHEE_KEYS.
    """
    log = folder / f"serve-{time.monotonic_ns()}.log"
    environment = {**_environment(folder), **(settings or {})}
    command = [sys.executable, "-c", _LYCHEE, "serve", "--port", "0", "--device", "cpu", *options]
    with log.open("w") as out, subprocess.Popen(
        command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT
    ) as process:  # fmt: skip
        try:
            url = _url_in(log, process)
            _await(f"{url}/ready", log, process)
            _await(f"{url}/", log, process)
            yield Server(url, folder, catalogue, process.pid)
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                assert process.wait(60) == 0, log.read_text("utf-8")
        finally:
            process.kill()


def _environment(folder: Path) -> dict[str, str]:
    return {
        "OMP_NUM_THREADS": "1",
        **{name: value for name, value in os.environ.items() if not name.startswith("LYCHEE_")},
        "HF_HUB_OFFLINE": "1",
        "LYCHEE_COLLECTIONS": str(folder / "collections"),
        "NO_PROXY": "127.0.0.1",
        "PYTHONPATH": str(ROOT),
    }


def _run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=_environment(folder), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _url_in(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        told = log.read_text("utf-8")
        if url := re.search(r"http://[\d.]+:\d+", told):
            return url[0]
        assert process.poll() is None, told
        time.sleep(0.1)
    raise AssertionError(f"the server does not start: {log.read_text('utf-8')}")


def _await(url: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    """Until it answers 200; /ready and the page both say 503 before. With keys on, 401 is as good."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if httpx.get(url, timeout=_PATIENCE_S, trust_env=False).status_code in (200, 401):
            return
        told = log.read_text("utf-8")
        assert process.poll() is None, told
        assert "the page could not be built" not in told, told
        time.sleep(0.1)
    raise AssertionError(f"{url} is not there: {log.read_text('utf-8')}")
