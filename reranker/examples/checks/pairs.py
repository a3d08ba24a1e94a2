"""Pairs that come twice: as they were, nearly so, with another score, the other way round. Knows digests, no texts."""

from collections.abc import Iterator
from typing import Final

from reranker.examples.checks.finding import Finding
from reranker.examples.checks.kinds import CONTRADICTION, DUPLICATE, MIRRORED, NEAR_DUPLICATE
from reranker.examples.checks.normal import digest
from reranker.examples.checks.row import Judged, Row

TOLERANCE: Final = 0.25  # by how much two people's scores of one pair may differ

_Seen = tuple[int, bytes, float, float]
"""The line that had a pair first, the digest of its very text, the lowest and the highest score it was given."""


class Pairs:
    """Memory: about 300 bytes for each pair."""

    def __init__(self) -> None:
        self._seen: dict[bytes, _Seen] = {}

    def see(self, row: Row) -> Iterator[Finding]:
        for one in row.judged:
            if row.instruction is None or row.query is None or one.score is None:
                continue
            key = digest(row.instruction.near, row.query.near, one.document.near)
            yield from self._again(key, row, one, one.score)
            if row.instruction.mirrors and row.query.near != one.document.near:
                mirror = self._seen.get(digest(row.instruction.near, one.document.near, row.query.near))
                yield from _mirrored(mirror, row, one, one.score)

    def _again(self, key: bytes, row: Row, one: Judged, score: float) -> Iterator[Finding]:
        assert row.instruction is not None
        assert row.query is not None
        exact = digest(row.instruction.exact, row.query.exact, one.document.exact)[:8]
        seen = self._seen.get(key)
        if seen is None:
            self._seen[key] = (row.line, exact, score, score)
            return
        line, first, low, high = seen
        self._seen[key] = (line, first, min(low, score), max(high, score))
        other = max(low, high, key=lambda known: abs(known - score))
        if abs(other - score) > TOLERANCE:
            reason = f"the pair of line {line:,} again, with the score {score:g} and not {other:g}"
            yield Finding(CONTRADICTION, row.line, reason, one.field)
        elif exact == first and low == high == score:
            yield Finding(DUPLICATE, row.line, f"the same as line {line:,}", one.field)
        else:
            how = f"with the score {score:g}" if exact == first else "but for case, width or white space"
            yield Finding(NEAR_DUPLICATE, row.line, f"the same as line {line:,}, {how}", one.field)


def _mirrored(mirror: _Seen | None, row: Row, one: Judged, score: float) -> Iterator[Finding]:
    if mirror is not None:
        line, _, low, high = mirror
        other = max(low, high, key=lambda known: abs(known - score))
        if abs(other - score) > TOLERANCE:
            reason = f"line {line:,} has the pair the other way round, with the score {other:g} and not {score:g}"
            yield Finding(MIRRORED, row.line, reason, one.field)
