"""What the tests of sources share."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.pictures import encoded, picture

from content.errors import LycheeError
from indexer.record import Refusal
from indexer.sources import open_source


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
