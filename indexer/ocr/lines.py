"""Pieces of text that were found in a picture, brought into the order in which a person reads them. Knows no models."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, sin
from statistics import median

# Of two pieces that share more than this of the smaller one's height a reader says that they stand side by side.
_SAME_ROW = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and where it stands. corners: (x, y) in pixels, clockwise from the one before the first letter."""

    text: str
    corners: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Upright:
    """A piece after the slant of the page was taken off."""

    text: str
    left: float
    top: float
    bottom: float


def in_reading_order(pieces: Sequence[Piece]) -> str:
    """Rows from top to bottom, one to a line; what stands side by side in a row from left to right, with a space
    between. A page that lies askew is read along its own rows."""
    if not pieces:
        return ""
    slant = median(_slant(piece) for piece in pieces)
    rows: list[list[_Upright]] = []
    for piece in sorted((_upright(piece, slant) for piece in pieces), key=lambda piece: piece.top + piece.bottom):
        if rows and _side_by_side(rows[-1][-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return "\n".join(" ".join(piece.text for piece in sorted(row, key=lambda piece: piece.left)) for row in rows)


def _slant(piece: Piece) -> float:
    (left, top), (right, beside), *_ = piece.corners
    return atan2(beside - top, right - left)


def _upright(piece: Piece, slant: float) -> _Upright:
    xs = [x * cos(slant) + y * sin(slant) for x, y in piece.corners]
    ys = [y * cos(slant) - x * sin(slant) for x, y in piece.corners]
    return _Upright(piece.text, min(xs), min(ys), max(ys))


def _side_by_side(first: _Upright, second: _Upright) -> bool:
    shared = min(first.bottom, second.bottom) - max(first.top, second.top)
    return shared > _SAME_ROW * min(first.bottom - first.top, second.bottom - second.top)
