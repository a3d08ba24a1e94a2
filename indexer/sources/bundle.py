"""A folder that came as one thing, an archive or an upload: its tables with the pictures they name, and all files that
no table names. Knows neither how it came nor who removes it."""

import os.path
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from content.errors import LycheeError
from content.limits import DEFAULT_LIMITS, ImageLimits
from indexer.record import Entry, Refusal
from indexer.sources.file import FileReader
from indexer.sources.kinds import why_not
from indexer.sources.pdf import OpenPdfs
from indexer.sources.table import TableSource
from indexer.sources.tree import Found, walk


class BundleSource:
    """Everything in a folder tree, in an order that depends on names only: the rows of tables first.

    A picture that a row names is that row's, and no item of its own. Files of no known kind are refused by name, not
    passed over: whoever put them there meant them. Paths in tables never lead out of the folder, and say nothing about
    what lies there.
    """

    def __init__(self, root: Path, limits: ImageLimits = DEFAULT_LIMITS) -> None:
        self._root = root
        self._limits = limits
        self._reader = FileReader(root, limits, OpenPdfs())

    def entries(self) -> Iterator[Entry | Refusal]:
        for table in self._tables:
            yield from (table,) if isinstance(table, Refusal) else table.entries()
        for found in self._files():
            if isinstance(found, Refusal):
                yield found
            elif found.kind is None:
                yield Refusal(found.id, why_not(found.id))
            else:
                yield from self._reader.entries(found.path, found.id, found.kind)

    def count(self) -> int | None:
        """Reads the tables once, where there are some."""
        rows = [1 if isinstance(table, Refusal) else table.count() for table in self._tables]
        files = sum(
            1 if isinstance(found, Refusal) or found.kind is None else self._reader.count(found.path, found.kind)
            for found in self._files()
        )
        return None if None in rows else files + sum(count for count in rows if count is not None)

    def _files(self) -> Iterator[Found | Refusal]:
        """All but tables and what they name."""
        for found in self._found:
            if isinstance(found, Refusal) or (found.kind != "table" and found.path.as_posix() not in self._named):
                yield found

    @cached_property
    def _found(self) -> list[Found | Refusal]:
        return list(walk(self._root, lambda kind: True))

    @cached_property
    def _tables(self) -> list[TableSource | Refusal]:
        return [self._table(found) for found in self._found if isinstance(found, Found) and found.kind == "table"]

    def _table(self, found: Found) -> TableSource | Refusal:
        try:
            return TableSource(self._root / found.path, self._limits, closed=True)
        except LycheeError as error:
            return Refusal(found.id, error.message)

    @cached_property
    def _named(self) -> set[str]:
        """The files that tables name, by their path from the root."""
        there = {found.path.as_posix() for found in self._found if isinstance(found, Found) and found.kind != "table"}
        named: set[str] = set()
        for table in self._tables:
            if there and isinstance(table, TableSource):
                folder = table.path.parent.relative_to(self._root).as_posix()
                named.update(there.intersection(os.path.normpath(f"{folder}/{path}") for path in table.paths()))
        return named
