"""A store in memory that holds nothing but metadata: items numbered from 1, with gaps where asked for."""

import sqlite3

from indexer.checks import metadata_json
from indexer.filters import matching_items, parse_filter
from indexer.store.fields import put_fields, remove_fields
from indexer.store.schema import TABLES


class StoredMetadata:
    """Given one mapping of metadata for each item."""

    def __init__(self, *metadata):
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for statement in TABLES:
            if not statement.startswith("CREATE VIRTUAL"):
                self.connection.execute(statement)
        self.highest = len(metadata)
        for number, one in enumerate(metadata, 1):
            self.connection.execute(
                "INSERT INTO items (number, id, digest, metadata) VALUES (?, ?, ?, ?)",
                (number, f"id {number}", b"", metadata_json(one)),
            )
            put_fields(self.connection, number, one)

    def delete(self, number):
        remove_fields(self.connection, number)
        self.connection.execute("DELETE FROM items WHERE number = ?", (number,))

    def matching(self, wanted):
        """The numbers of the items that pass a filter as it is written."""
        mask = matching_items(self.connection, parse_filter(wanted), self.highest)
        assert mask.shape == (self.highest + 1,)
        assert mask.dtype == bool
        return [int(number) for number in mask.nonzero()[0]]
