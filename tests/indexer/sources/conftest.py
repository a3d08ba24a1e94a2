"""What the tests of sources share."""

import pytest

from content.errors import LycheeError
from indexer.record import Refusal


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
