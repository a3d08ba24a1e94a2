"""Rows ranked by the words of a query, in a time that common words do not lengthen. Knows the two tables of words, and
nothing of what a row is."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import log
from sqlite3 import Connection
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from indexer.protocols import Keys
from indexer.store.terms import QueryTerms, query_terms

Table = Literal["words", "trigrams"]
Scores = NDArray[np.float64]

# A word that fewer rows hold is rare, and all of them are read.
_RARE: Final = 1000
# How many rows are read for the common words of a query, all together.
_ROWS_OF_COMMON: Final = 20_000
# How many common words are looked for in the rows of others.
_MOST_COMMON: Final = 8
_LENGTHS_AT_ONCE: Final = 1000
# BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) with SQLite's constants.
_K1: Final = 1.2
_B: Final = 0.75
_SHORTEST_WEIGHT: Final = (_K1 + 1) / (1 + _K1 * (1 - _B))  # that of a word in a row of no length


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    """A word or a piece, the rows (n,) that are known to hold it, ascending, and how many hold it, known or guessed."""

    table: Table
    text: str
    rows: Keys
    frequency: int

    @property
    def expression(self) -> str:
        """As FTS5 takes it: a string, in which nothing is an operator."""
        return '"' + self.text.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True)
class _Extent:
    """rows: how many there are. length: of a row, in trigrams, on average. lowest, highest: rowids."""

    rows: int
    length: float
    lowest: int
    highest: int


def ranked_rows(connection: Connection, query: str) -> Iterator[tuple[int, float]]:
    """(rowid, score) of the rows that hold words of the query, best first; any string is a query.

    score: BM25, the greater the better, where a word counts once however often the row holds it. Words are looked up as
    `query_terms` says. Of words that a thousand rows and more hold, rarest first, as many are read in full as have
    20,000 rows together. Those left over count in rows that hold a rarer word, and bring rows of their own only where
    all of them stand together, or where nothing else is found; then it is the first 20,000 that are ranked.
    """
    terms = query_terms(query)
    if not terms.words and not terms.pieces:
        return
    extent = _extent(connection)
    found = [term for term in _found(connection, terms, extent) if len(term.rows)]
    if found:
        yield from _scored(connection, found, extent)


def _found(connection: Connection, terms: QueryTerms, extent: _Extent) -> list[_Term]:
    words = [_probe(connection, "words", word, extent) for word in terms.words]
    common = {word.text for word in words if word.frequency >= _RARE}
    pieces = [_probe(connection, "trigrams", piece, extent) for piece in terms.pieces if piece not in common]
    known = [term for term in (*words, *pieces) if term.frequency < _RARE]
    left: list[_Term] = []
    room = _ROWS_OF_COMMON
    for term in sorted(
        (term for term in (*words, *pieces) if term.frequency >= _RARE), key=lambda term: term.frequency
    ):
        if term.frequency > room:
            left.append(term)
            continue
        rows = _rows(connection, term.table, term.expression, room)
        room -= len(rows)
        known.append(_Term(term.table, term.text, rows, term.frequency))
    return known + _among(connection, known, left)


def _among(connection: Connection, known: Sequence[_Term], left: Sequence[_Term]) -> list[_Term]:
    """The common words that are left over, rarest first, with the rows in which they count."""
    words = [term for term in left if term.table == "words"][:_MOST_COMMON]
    together = " AND ".join(word.expression for word in words)
    anchors = " OR ".join(term.expression for term in known if term.table == "words" and len(term.rows))
    shared = _rows(connection, "words", together, _ROWS_OF_COMMON) if len(words) > 1 else np.empty(0, np.int64)
    counted = []
    for word in words:
        rows = shared
        if anchors:
            beside = _rows(connection, "words", f"({anchors}) AND {word.expression}", _ROWS_OF_COMMON)
            rows = np.union1d(rows, beside)
        counted.append(_Term("words", word.text, rows, word.frequency))
    # A common piece that is no word in itself (`phone` in smartphones) counts as far as it was read.
    counted += [term for term in left if term.table == "trigrams"]
    if words and not any(len(term.rows) for term in (*known, *counted)):
        rarest = words[0]
        rows = _rows(connection, "words", rarest.expression, _ROWS_OF_COMMON)
        counted.append(_Term("words", rarest.text, rows, rarest.frequency))
    return counted


def _probe(connection: Connection, table: Table, text: str, extent: _Extent) -> _Term:
    """Reads the first thousand rows; where there are more, guesses how many from how far those reach."""
    term = _Term(table, text, np.empty(0, np.int64), 0)
    rows = _rows(connection, table, term.expression, _RARE)
    frequency = len(rows)
    if frequency == _RARE:
        reach = (int(rows[-1]) - extent.lowest + 1) / (extent.highest - extent.lowest + 1)
        frequency = max(frequency, round(frequency / reach))
    return _Term(table, text, rows, frequency)


def _rows(connection: Connection, table: Table, expression: str, limit: int) -> Keys:
    """(n,), ascending."""
    cursor = connection.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?", (expression, limit))
    return np.fromiter((row[0] for row in cursor), np.int64)


def _scored(connection: Connection, terms: Sequence[_Term], extent: _Extent) -> Iterator[tuple[int, float]]:
    """Best first, without reading more lengths than that takes: a row cannot score more than its sum times the weight
    of the shortest row."""
    weights = [np.full(len(term.rows), _rarity(term.frequency, extent.rows)) for term in terms]
    rows, places = np.unique(np.concatenate([term.rows for term in terms]), return_inverse=True)
    sums = np.bincount(places, np.concatenate(weights)).astype(np.float64)
    order = np.argsort(-sums, kind="stable")
    waiting: list[tuple[float, int]] = []
    for start in range(0, len(order), _LENGTHS_AT_ONCE):
        some = order[start : start + _LENGTHS_AT_ONCE]
        for score, row in zip(_with_lengths(connection, rows[some], sums[some], extent), rows[some], strict=True):
            heappush(waiting, (-float(score), int(row)))
        stop = start + _LENGTHS_AT_ONCE
        bound = float(sums[order[stop]]) * _SHORTEST_WEIGHT if stop < len(order) else 0.0
        while waiting and -waiting[0][0] >= bound:
            score, row = heappop(waiting)
            yield row, -score


def _with_lengths(connection: Connection, rows: Keys, sums: Scores, extent: _Extent) -> Scores:
    known = {
        row: _varints(blob)[0]
        for row, blob in connection.execute(
            "SELECT id, sz FROM trigrams_docsize WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(rows.tolist()),),
        )
    }
    lengths = np.array([known.get(row, extent.length) for row in rows.tolist()])
    scores: Scores = sums * (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths / max(extent.length, 1.0)))
    return scores


def _rarity(frequency: int, rows: int) -> float:
    """BM25's inverse document frequency, always above 0."""
    return log(1 + (max(rows, frequency) - frequency + 0.5) / (frequency + 0.5))


def _extent(connection: Connection) -> _Extent:
    (averages,) = connection.execute("SELECT block FROM trigrams_data WHERE id = 1").fetchone() or (b"",)
    rows, trigrams = (*_varints(averages), 0, 0)[:2]
    lowest, highest = connection.execute(
        "SELECT (SELECT min(id) FROM trigrams_docsize), (SELECT max(id) FROM trigrams_docsize)"
    ).fetchone()
    return _Extent(rows, trigrams / max(rows, 1), lowest or 0, highest or 0)


def _varints(blob: bytes) -> list[int]:
    """SQLite's numbers of variable length: 7 bits a byte, the highest first (https://www.sqlite.org/fts5.html, 10)."""
    numbers, value = [], 0
    for byte in blob:
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            numbers.append(value)
            value = 0
    return numbers
