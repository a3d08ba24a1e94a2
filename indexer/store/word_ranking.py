"""Rows ranked by the words of a query. Knows nothing of what a row is, nor of how words are looked up."""

import json
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from math import log
from sqlite3 import Connection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.protocols import Keys
from indexer.store.terms import query_terms
from indexer.store.word_lookup import RowFilter, Term, WordLookup

Scores = NDArray[np.float64]

_LENGTHS_AT_ONCE: Final = 1000
# BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) with SQLite's constants.
_K1: Final = 1.2
_B: Final = 0.75
_SHORTEST_WEIGHT: Final = (_K1 + 1) / (1 + _K1 * (1 - _B))  # that of a word in a row of no length


def ranked_rows(connection: Connection, query: str, wanted: RowFilter | None = None) -> Iterator[tuple[int, float]]:
    """(rowid, score) of the rows that hold words of the query, best first; any string is a query.

    score: BM25, the greater the better, where a word counts once however often the row holds it. The words are those of
    `query_terms`; those that many rows hold count as `WordLookup.terms` says. wanted: None means all rows.
    """
    terms = query_terms(query)
    if not terms.words and not terms.pieces:
        return
    lowest, highest = connection.execute(
        "SELECT (SELECT min(id) FROM trigrams_docsize), (SELECT max(id) FROM trigrams_docsize)"
    ).fetchone()
    found = [] if lowest is None else WordLookup(connection, lowest, highest, wanted).terms(terms)
    if found:
        yield from _scored(connection, found)


def _scored(connection: Connection, terms: Sequence[Term]) -> Iterator[tuple[int, float]]:
    """Best first, without reading more lengths than that takes: a row cannot score more than its sum times the weight
    of the shortest row."""
    total, average = _averages(connection)
    weights = [np.full(len(term.rows), _rarity(term.frequency, total)) for term in terms]
    rows, places = np.unique(np.concatenate([term.rows for term in terms]), return_inverse=True)
    sums = np.bincount(places, np.concatenate(weights)).astype(np.float64)
    order = np.argsort(-sums, kind="stable")
    waiting: list[tuple[float, int]] = []
    for start in range(0, len(order), _LENGTHS_AT_ONCE):
        some = order[start : start + _LENGTHS_AT_ONCE]
        for score, row in zip(_with_lengths(connection, rows[some], sums[some], average), rows[some], strict=True):
            heappush(waiting, (-float(score), int(row)))
        stop = start + _LENGTHS_AT_ONCE
        bound = float(sums[order[stop]]) * _SHORTEST_WEIGHT if stop < len(order) else 0.0
        while waiting and -waiting[0][0] >= bound:
            score, row = heappop(waiting)
            yield row, -score


def _with_lengths(connection: Connection, rows: Keys, sums: Scores, average: float) -> Scores:
    known = {
        row: _varints(blob)[0]
        for row, blob in connection.execute(
            "SELECT id, sz FROM trigrams_docsize WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(rows.tolist()),),
        )
    }
    lengths = np.array([known.get(row, average) for row in rows.tolist()])
    scores: Scores = sums * (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths / max(average, 1.0)))
    return scores


def _rarity(frequency: int, rows: int) -> float:
    """BM25's inverse document frequency, always above 0."""
    return log(1 + (max(rows, frequency) - frequency + 0.5) / (frequency + 0.5))


def _averages(connection: Connection) -> tuple[int, float]:
    """How many rows there are, and how many trigrams one has on average."""
    (record,) = connection.execute("SELECT block FROM trigrams_data WHERE id = 1").fetchone() or (b"",)
    rows, trigrams = (*_varints(record), 0, 0)[:2]
    return rows, trigrams / max(rows, 1)


def _varints(blob: bytes) -> list[int]:
    """SQLite's numbers of variable length: 7 bits a byte, the highest first (https://www.sqlite.org/fts5.html, 10)."""
    numbers, value = [], 0
    for byte in blob:
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            numbers.append(value)
            value = 0
    return numbers
