"""The folder that goes with its server, also with one that was killed."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from api.page.uploads.held import held_folder, remove_left_behind

HOLDER = """
import sys
from api.page.uploads.held import held_folder
with held_folder("any-") as folder:
    (folder / "of-a").mkdir()
    (folder / "of-a" / "mug.png").write_bytes(b"x")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def made(folder, lock=True, mode=0o700):
    folder.mkdir()
    (folder / "held").touch() if lock else None
    folder.chmod(mode)
    return folder


def test_what_a_killed_server_left_is_removed_and_what_a_running_one_holds_is_not(request):
    command = [sys.executable, "-c", HOLDER]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=request.config.rootpath, **streams) as holder, held_folder("any-") as own:
        folder = Path(holder.stdout.readline().strip())
        remove_left_behind("any-")
        assert (folder / "of-a" / "mug.png").is_file()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert folder.is_dir()
        remove_left_behind("any-")
        assert not folder.exists()
        assert own.is_dir()
    assert not own.exists()


def test_nothing_else_is_removed(temporary):
    other_prefix = made(temporary / "other-1")
    no_lock = made(temporary / "any-unlocked", lock=False)
    open_to_all = made(temporary / "any-open", mode=0o755)
    link = temporary / "any-link"
    link.symlink_to(other_prefix)
    (temporary / "any-file").touch(0o700)
    false_lock = made(temporary / "any-false", lock=False)
    (false_lock / "held").symlink_to(other_prefix / "held")
    before = sorted(temporary.rglob("*"))
    left = made(temporary / "any-left")
    remove_left_behind("any-")
    assert not left.exists()
    assert sorted(temporary.rglob("*")) == before
    assert no_lock.is_dir()
    assert open_to_all.is_dir()


def test_folders_of_other_users_are_left_alone(temporary, monkeypatch):
    left = made(temporary / "any-left")
    monkeypatch.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
    remove_left_behind("any-")
    assert left.is_dir()


def test_the_page_begins_with_that(temporary, opened):
    left = made(temporary / "lychee-page-left")
    opened()
    assert not left.exists()
    (own,) = temporary.glob("lychee-page-*")
    assert own.stat().st_mode & 0o077 == 0
