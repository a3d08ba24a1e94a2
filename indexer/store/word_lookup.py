"""The words of a query looked up: which rows hold which, without reading all rows of common ones. Knows the two tables
of words, and nothing of scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from indexer.protocols import Keys
from indexer.store.terms import QueryTerms

Table = Literal["words", "trigrams"]

# A word that fewer rows hold is rare, and all of them are read.
RARE: Final = 1000
# How many rows are read for the common words of a query, all together; and where most of them are filtered out.
_ROWS_OF_COMMON: Final = 10_000
_ROWS_OF_COMMON_AT_MOST: Final = 250_000
# How many common words are looked for in the rows of others.
_MOST_COMMON: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A word or a piece, the rows (n,) that are known to hold it, ascending, and how many hold it, known or guessed."""

    table: Table
    text: str
    rows: Keys
    frequency: int

    @property
    def expression(self) -> str:
        """As FTS5 takes it: a string, in which nothing is an operator."""
        return '"' + self.text.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True, eq=False)
class RowFilter:
    """Which rows are wanted. of: whether each of the rowids (n,) is one. share: of all rows, roughly, above 0."""

    of: Callable[[Keys], NDArray[np.bool_]]
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class WordLookup:
    """lowest, highest: the rowids that there are. wanted: None means all rows."""

    connection: Connection
    lowest: int
    highest: int
    wanted: RowFilter | None = None

    def terms(self, query: QueryTerms) -> list[Term]:
        """Those that any row holds.

        Of words that a thousand rows and more hold, rarest first, as many are read in full as have 10,000 wanted rows
        together, among 250,000 at most. Those left over count in rows that hold a rarer word, and bring rows of their
        own only where all of them stand together, or where nothing else is found; then it is the first rows of the
        rarest.
        """
        words = [self._probe("words", word) for word in query.words]
        common = {word.text for word in words if word.frequency >= RARE}
        pieces = [self._probe("trigrams", piece) for piece in query.pieces if piece not in common]
        both = sorted((*words, *pieces), key=lambda term: term.frequency)
        known = [term for term in both if term.frequency < RARE]
        left: list[Term] = []
        room = self._room
        for term in both[len(known) :]:
            if term.frequency > room:
                left.append(term)
            else:
                known.append(self._read(term, term.expression))
                room -= term.frequency
        return [term for term in (*known, *self._among(known, left)) if len(term.rows)]

    @property
    def _room(self) -> int:
        share = 1.0 if self.wanted is None else self.wanted.share
        return round(min(_ROWS_OF_COMMON / share, _ROWS_OF_COMMON_AT_MOST))

    def _among(self, known: Sequence[Term], left: Sequence[Term]) -> list[Term]:
        """The common words that are left over, with the rows in which they count."""
        words = [term for term in left if term.table == "words"][:_MOST_COMMON]
        counted: list[Term] = []
        if len(words) > 1:
            together = " AND ".join(word.expression for word in words)
            shared = self._rows("words", together, self._room)
            counted += [Term("words", word.text, shared, word.frequency) for word in words]
        anchors = " OR ".join(term.expression for term in known if term.table == "words" and len(term.rows))
        if anchors:
            counted += [self._read(word, f"({anchors}) AND {word.expression}") for word in words]
        # A common piece that is no word in itself (`phone` in smartphones) counts as far as it was read.
        counted += [term for term in left if term.table == "trigrams"]
        if words and not any(len(term.rows) for term in (*known, *counted)):
            counted.append(self._read(words[0], words[0].expression))
        return _united(counted)

    def _probe(self, table: Table, text: str) -> Term:
        """Reads the first thousand rows; where there are more, guesses how many from how far those reach."""
        expression = Term(table, text, np.empty(0, np.int64), 0).expression
        rows = self._all_rows(table, expression, RARE)
        frequency = len(rows)
        if frequency == RARE:
            reach = (int(rows[-1]) - self.lowest + 1) / (self.highest - self.lowest + 1)
            frequency = max(frequency, round(frequency / reach))
        return Term(table, text, self._of_wanted(rows), frequency)

    def _read(self, term: Term, expression: str) -> Term:
        return Term(term.table, term.text, self._rows(term.table, expression, self._room), term.frequency)

    def _rows(self, table: Table, expression: str, limit: int) -> Keys:
        return self._of_wanted(self._all_rows(table, expression, limit))

    def _all_rows(self, table: Table, expression: str, limit: int) -> Keys:
        """(n,), ascending."""
        cursor = self.connection.execute(
            f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?", (expression, limit)
        )
        return np.fromiter((row[0] for row in cursor), np.int64)

    def _of_wanted(self, rows: Keys) -> Keys:
        return rows if self.wanted is None else rows[self.wanted.of(rows)]


def _united(terms: Sequence[Term]) -> list[Term]:
    """Each word once, with all rows that any of them has."""
    united: dict[tuple[Table, str], Term] = {}
    for term in terms:
        other = united.get((term.table, term.text))
        rows = term.rows if other is None else np.union1d(other.rows, term.rows)
        united[term.table, term.text] = Term(term.table, term.text, rows, term.frequency)
    return list(united.values())
