"""What start.sh says when it cannot start; neither case may cost an environment or a download."""

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def start(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "start.sh", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **(env or {})},
    )


def test_a_busy_port_is_named_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = start("--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} is busy" in done.stderr
    assert f"--port {port + 1}" in done.stderr


@pytest.mark.parametrize("port", ["many", "", "70000"])
def test_a_port_that_is_none_is_refused(port: str):
    done = start("--port", port)
    assert done.returncode == 2
    assert "--port takes a number from 1 to 65535" in done.stderr


def test_an_option_without_its_value_is_refused():
    done = start("--encoder")
    assert done.returncode == 2
    assert "--encoder needs a value" in done.stderr


def test_an_old_python_is_named_with_the_way_out(tmp_path: Path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac\n')
    old.chmod(0o755)
    done = start(env={"PYTHON": str(old)})
    assert done.returncode == 2
    assert "needs Python 3.11 or newer; found: Python 3.9.2" in done.stderr
    assert "PYTHON=" in done.stderr


def test_every_script_is_valid_bash_and_may_be_run():
    for name in ("start.sh", "test.sh", ".ci/run"):
        assert os.access(ROOT / name, os.X_OK), name
        subprocess.run(["bash", "-n", ROOT / name], check=True)
    for name in ("environment.sh", "browser.sh"):
        subprocess.run(["bash", "-n", ROOT / "scripts" / name], check=True)


def test_without_chromium_the_tests_go_on_and_say_what_to_install(tmp_path: Path):
    told = subprocess.run(
        [shutil.which("bash"), "-euc", "id() { echo 1000; }; . scripts/browser.sh; echo went on"],
        cwd=ROOT, env={"PATH": str(tmp_path)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout == "went on\n"
    assert "apt-get install chromium" in told.stderr
