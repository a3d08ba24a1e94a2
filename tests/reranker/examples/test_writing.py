"""Files of examples are written whole, and only where a file may stand."""

import errno
import os
import stat

import pytest

from content.errors import InvalidInput
from indexer.files import replaced
from reranker.examples.file import write_lines


def test_a_device_or_pipe_is_not_replaced_by_a_file(tmp_path):
    """Who may do anything would turn /dev/null into one, for everybody on the machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link"
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(InvalidInput, match="is a folder or a device"):
            write_lines(path, ["{}"])
        with pytest.raises(OSError, match="folder or a device"), replaced(path) as temporary:
            temporary.write_text("{}")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert sorted(tmp_path.iterdir()) == [link, pipe]


def test_a_folder_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(InvalidInput, match="name a file"):
        write_lines(tmp_path, ["{}"])


def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path):
    def lines():
        yield "{}"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InvalidInput, match="No space left"):
        write_lines(tmp_path / "out.jsonl", lines())
    assert not list(tmp_path.iterdir())
