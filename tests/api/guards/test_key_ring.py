"""What a key ring remembers of a file that it could not read."""

import errno
import logging
from pathlib import Path

import pytest
from support.guarded import add_key

from api.guards.key_ring import KeyRing
from content.errors import NotReady


def test_a_lack_of_descriptors_passes_without_a_change_of_the_file(tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.ERROR)
    file = tmp_path / "keys.json"
    secret = add_key(file, "reader")
    ring = KeyRing(file)

    def lacks_descriptors(path):
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", lacks_descriptors)
        for _ in range(3):
            with pytest.raises(NotReady):
                ring.find(secret)
    assert ring.find(secret).name == "reader"
    assert len(caplog.records) == 1


def test_a_broken_file_is_read_once(tmp_path, monkeypatch):
    file = tmp_path / "keys.json"
    file.write_text("{")
    ring, reads, read = KeyRing(file), [], Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: reads.append(path) or read(path))
    for _ in range(3):
        with pytest.raises(NotReady):
            ring.find("any")
    assert len(reads) == 1
