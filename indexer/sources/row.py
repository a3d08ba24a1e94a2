"""One row of a table and what it becomes: id, text, picture and metadata. Knows nothing of how tables are written."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from content.errors import InvalidInput
from content.payload import checked_text
from indexer.item import JsonValue
from indexer.record import digest

_INTEGER: Final = re.compile(r"-?(0|[1-9]\d{0,17})")
_FLOAT: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+([eE][+-]?\d{1,3})?|[eE][+-]?\d{1,3})")
_NOTHING: Final = frozenset({"", "nan", "null"})
_DEEPEST: Final = 64
RESERVED: Final = ("id", "text", "image")


@dataclass(frozen=True, slots=True)
class Row:
    """origin: the row as its user would find it (`items.csv:17`). cells: by column name, as the format gave them."""

    origin: str
    cells: Mapping[str, object]

    def id(self) -> str:
        """The `id` column; where it is empty, 24 hexadecimal digits that depend on the row's cells alone, so that rows
        may be added, removed and moved without other rows becoming new ones. Raises InvalidInput."""
        given = self.cells.get("id")
        if isinstance(given, float) and given.is_integer():
            given = int(given)  # tables with gaps in a column of whole numbers hold them as floats
        if isinstance(given, int) and not isinstance(given, bool):
            return str(given)
        if given is None or (isinstance(given, float) and math.isnan(given)) or given == "":
            return digest(self.text(), repr(self.cells.get("image")).encode(), self.metadata()).hex()[:24]
        if not isinstance(given, str):
            raise InvalidInput("`id` must be a string or a whole number", param="id")
        return given

    def text(self) -> str | None:
        """The `text` column; None where it is empty. Raises InvalidInput."""
        text = self.cells.get("text")
        if text is None or (isinstance(text, float) and math.isnan(text)):
            return None
        if not isinstance(text, str):
            raise InvalidInput("`text` must be a string", param="text")
        return checked_text(text, param="text") if text.strip() else None

    def metadata(self) -> dict[str, JsonValue]:
        """All other columns; cells that are empty, not a number, or binary are left out. Raises InvalidInput."""
        found = {name: json_value(cell) for name, cell in self.cells.items() if name not in RESERVED}
        return {checked_text(name, param=name): value for name, value in found.items() if value is not None}


def json_value(cell: object, depth: int = 0) -> JsonValue:
    """The cell as JSON holds it: dates as ISO 8601, spans of time in seconds, decimals as numbers; None for
    nothing, which NaN is in tables.

    Raises InvalidInput for text that is not Unicode, for infinity, and for what is nested more than 64 deep.
    """
    if depth > _DEEPEST:
        raise InvalidInput(f"a column is nested more than {_DEEPEST} levels deep")
    match cell:
        case bool() | int():
            return cell
        case str():
            return checked_text(cell)
        case float():
            if math.isinf(cell):
                raise InvalidInput("a column holds infinity, or a number that is too large")
            return None if math.isnan(cell) else cell
        case Decimal():
            return json_value(float(cell))
        case datetime() | date() | time():
            return cell.isoformat()
        case timedelta():
            return cell.total_seconds()
        case list() | tuple():
            return [json_value(inner, depth + 1) for inner in cell]
        case Mapping():
            return {checked_text(str(name)): json_value(inner, depth + 1) for name, inner in cell.items()}
    return None


def typed(cell: str) -> object:
    """What a cell of a CSV table, where all is text, stands for: a number, true, false, nothing, or the text itself.

    A number only where nothing of it would be lost: `007`, `+49` and numbers of more than 18 digits remain text.
    """
    if cell.lower() in _NOTHING:
        return None
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    if _INTEGER.fullmatch(cell):
        return int(cell)
    return float(cell) if _FLOAT.fullmatch(cell) and math.isfinite(float(cell)) else cell
