"""Files of examples are written whole, and only where a file may stand."""

import errno
import os
import resource
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


def test_a_disk_that_takes_no_more_is_told_and_leaves_nothing_behind(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(InvalidInput, match=r"out\.jsonl cannot be written: File too large"):
            write_lines(tmp_path / "out.jsonl", ["x" * 1000] * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_what_the_lines_are_read_from_is_not_taken_for_what_is_written(tmp_path):
    def lines():
        yield "{}"
        raise OSError(errno.EIO, "Input/output error", "train.jsonl")

    with pytest.raises(OSError, match=r"Input/output error: 'train\.jsonl'"):
        write_lines(tmp_path / "out.jsonl", lines())
    assert not list(tmp_path.iterdir())
