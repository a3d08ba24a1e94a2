"""Which items of a store pass a filter. Knows nothing of how filters are written, or of vectors."""

from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from indexer.filters.tree import All, Among, Compared, Containing, Filter, Leaf, Not, Operand, Present, Some
from indexer.store.fields import Kind, SqlValue

_Mask = NDArray[np.bool_]
_Scan = tuple[str, Sequence[SqlValue]]


def matching_items(connection: Connection, wanted: Filter, highest: int) -> _Mask:
    """(highest + 1,): whether the item with that number is there and passes. highest: no item's number is above.

    The connection must see one state throughout, as inside a transaction.
    """
    return _Matching(connection, highest).mask(wanted)


class _Matching:
    def __init__(self, connection: Connection, highest: int) -> None:
        self._connection = connection
        self._highest = highest

    def mask(self, wanted: Filter) -> _Mask:
        match wanted:
            case All(parts):
                return reduce(np.logical_and, self._each_of(parts))
            case Some(parts):
                return reduce(np.logical_or, (self.mask(part) for part in parts))
            case Not(part):
                return self._there & ~self.mask(part)
        return self._scanned(wanted.field, _scans(wanted))

    def _each_of(self, parts: Sequence[Filter]) -> Iterator[_Mask]:
        sides: dict[tuple[str, Kind], list[Compared]] = {}
        for part in parts:
            if isinstance(part, Compared):
                sides.setdefault((part.field, part.operand.kind), []).append(part)
            else:
                yield self.mask(part)
        for (field, kind), several in sides.items():
            yield self.mask(several[0]) if len(several) == 1 else self._between(field, kind, several)

    def _between(self, field: str, kind: Kind, sides: Sequence[Compared]) -> _Mask:
        """As all of the sides, which are of one field and one kind: each alone may be most of a large collection, and
        what lies between them little. Of a list, one element may be on the one side and one on the other."""
        between = " AND ".join(["kind = ?", *(f"value {side.sign} ?" for side in sides)])
        plain = self._scanned(field, [(between, (kind, *(side.operand.value for side in sides)))])
        lists = (
            self._scanned(field, [(f"kind = ? AND value {side.sign} ?", (-kind, side.operand.value))]) for side in sides
        )
        return plain | reduce(np.logical_and, lists)

    @cached_property
    def _there(self) -> _Mask:
        (count,) = self._connection.execute("SELECT count(*) FROM items").fetchone()
        if count == self._highest:  # numbers start at 1
            return np.arange(self._highest + 1) > 0
        return self._numbered("SELECT number AS item FROM items", ())

    def _scanned(self, field: str, scans: Sequence[_Scan]) -> _Mask:
        places = (f"field = (SELECT number FROM field_names WHERE name = ?) AND {test}" for test, _ in scans)
        rows = " UNION ALL ".join(f"SELECT item FROM fields WHERE {place}" for place in places)
        return self._numbered(rows, [value for _, values in scans for value in (field, *values)])

    def _numbered(self, rows: str, values: Sequence[SqlValue]) -> _Mask:
        """The mask of the items in `rows`, a statement. As one text, numbers come three times faster than as rows."""
        mask = np.zeros(self._highest + 1, np.bool_)
        if rows:
            (found,) = self._connection.execute(f"SELECT group_concat(item) FROM ({rows})", values).fetchone()
            if found is not None:
                mask[np.fromstring(found, np.int64, sep=",")] = True
        return mask


def _scans(leaf: Leaf) -> list[_Scan]:
    """The ranges of `fields` that hold what a leaf looks for, each as a condition and its values."""
    match leaf:
        case Among(_, operands):
            kinds = sorted({operand.kind for operand in operands})
            return [_among(kind, [each.value for each in operands if each.kind is kind]) for kind in kinds]
        case Compared(_, sign, Operand(kind, value)):
            return [(f"kind IN (?, ?) AND value {sign} ?", (kind, -kind, value))]
        case Containing(_, Operand(kind, value), part):
            in_list: _Scan = ("kind = ? AND value = ?", (-kind, value))
            return [in_list] if part is None else [in_list, _holding(part)]
        case Present():
            return [("kind BETWEEN ? AND ?", (Kind.NULL, Kind.LIST))]


def _among(kind: Kind, values: Sequence[SqlValue]) -> _Scan:
    return f"kind IN (?, ?) AND value IN ({', '.join('?' * len(values))})", (kind, -kind, *values)


def _holding(part: str) -> _Scan:
    """SQLite's LIKE takes the letters A to Z and a to z for the same, and no others."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return "kind = ? AND value LIKE ? ESCAPE '\\'", (Kind.STRING, f"%{escaped}%")
