"""One server with the demo models, the clients that talk to it, and the rows of docs/compatibility.md they fill."""

import gc
import os
import re
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from support.compatibility import MARK, Row, row_of
from support.near_duplicates import Near, draw

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SERVE = "from search.cli.main import main; main()"
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "NO_PROXY": "127.0.0.1",
    "OMP_NUM_THREADS": "1",
}
OUTCOMES = pytest.StashKey[dict[Row, bool]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-compatibility", action="store_true", help="write docs/compatibility.md from this run")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARK)
    config.stash[OUTCOMES] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the clients' own code warns of is not ours to mend."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.filterwarnings("ignore"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    row = row_of(item)
    if row is not None and report.when == "call" and not report.skipped:
        outcomes = item.config.stash[OUTCOMES]
        outcomes[row] = outcomes.get(row, True) and report.passed
    return report


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The URL of `lychee serve` in `folder`, which has no collection yet; ended by SIGTERM."""
    environment = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}
    log = folder / "log"
    with log.open("w") as out, subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", "0", "--device", "cpu"],
        cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            yield _url_in(log, process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, log.read_text("utf-8")
        finally:
            process.kill()


def _url_in(log: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(1800):
        told = log.read_text("utf-8")
        url = re.search(r"http://[\d.]+:\d+", told)
        if url is not None:
            return url[0]
        assert process.poll() is None, told
        time.sleep(0.1)
    raise AssertionError(f"the server does not start: {told}")


@pytest.fixture(scope="session")
def outcomes(pytestconfig: pytest.Config) -> dict[Row, bool]:
    return pytestconfig.stash[OUTCOMES]


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """Clients that tell their makers of their use do not, and no proxy stands between."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in QUIET.items():
            patch.setenv(name, value)
        yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of them leave their connections open
        gc.collect()


@pytest.fixture(scope="session")
def near(tmp_path_factory: pytest.TempPathFactory) -> Near:
    return draw(tmp_path_factory.mktemp("near"))


@pytest.fixture(scope="session")
def url(near: Near, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `lychee serve` answers, with the pictures of `near` in its collection."""
    with serving(tmp_path_factory.mktemp("server")) as url:
        with httpx.Client(base_url=url, timeout=60) as client:
            client.put("/v1/collections/demo").raise_for_status()
            items = [{"id": name, "image": picture} for name, picture in zip(near.ids, near.pictures, strict=True)]
            client.post("/v1/collections/demo/items", json={"items": items}).raise_for_status()
            client.get("/ready").raise_for_status()
        yield url


@pytest.fixture(scope="session")
def routes(url: str) -> Iterator[httpx.Client]:
    """The server's own routes, for what others are held against."""
    with httpx.Client(base_url=url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def page(routes: httpx.Client) -> None:
    """Waits until the page is there too, which takes a little longer than what else the server does."""
    for _ in range(600):
        if routes.get("/gradio_api/info").is_success:
            return
        time.sleep(0.1)
    raise AssertionError("the page does not come")
