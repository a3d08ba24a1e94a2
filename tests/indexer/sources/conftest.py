"""What the tests of sources share."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.pictures import encoded, picture
from support.zips import zip_bytes

from content.errors import LycheeError
from content.limits import DEFAULT_LIMITS
from indexer.record import Refusal
from indexer.sources import ZipSource, open_source


@pytest.fixture
def read_all():
    """Everything of a source, as the build sees it: the records, and the reasons by origin."""

    def read(source):
        records, refused = [], {}
        for entry in source.entries():
            if isinstance(entry, Refusal):
                refused[entry.origin] = entry.reason
                continue
            try:
                records.append(entry.read())
            except LycheeError as error:
                refused[entry.origin] = error.message
        return records, refused

    return read


@pytest.fixture
def table(tmp_path):
    """Writes a table beside a picture, and opens it."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "图.png").write_bytes(encoded(picture(), "PNG"))

    def make(name, data):
        path = tmp_path / name
        if isinstance(data, pa.Table):
            pq.write_table(data, path, row_group_size=2)
        else:
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return open_source(path)

    return make


@pytest.fixture
def below(tmp_path) -> Path:
    folder = tmp_path / "below"
    folder.mkdir()
    return folder


@pytest.fixture
def read_zip(tmp_path, below, read_all):
    """What comes of an archive; afterwards nothing of it is left and nothing was written beside it."""

    def read(data, archive_limits=None, limits=DEFAULT_LIMITS):
        path = tmp_path / "sent.zip"
        path.write_bytes(data if isinstance(data, bytes) else zip_bytes(data))
        before = sorted(tmp_path.rglob("*"))
        with ZipSource(path, limits, archive_limits, below=below) as source:
            records, refused = read_all(source)
            assert source.count() == len(records) + len(refused)
        assert sorted(tmp_path.rglob("*")) == before
        return records, refused

    return read
