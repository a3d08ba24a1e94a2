"""The SQLite file of judgements that were made once. Knows no model, and not what its keys stand for."""

import math
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from content.errors import LycheeError
from reranker.protocol import Judgement

_APPLICATION: Final = 0x4C594553  # "LYES"
_VERSION: Final = 1
_PATIENCE_S: Final = 10.0  # for another process that writes
_TABLE: Final = (
    "CREATE TABLE judgements (request BLOB, document BLOB, score REAL NOT NULL, yes REAL, no REAL, "
    "tokens INTEGER NOT NULL, truncated INTEGER NOT NULL, raw TEXT, ms REAL NOT NULL, "
    "PRIMARY KEY (request, document)) WITHOUT ROWID"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A judgement without an error. ms: its share of the wall time that it and those made with it took."""

    judgement: Judgement
    ms: float


class ScoreFile:
    """Judgements by request and document, 16 bytes each; safe to use from several threads and processes.

    What `keep` was given is there after a kill -9 once it has returned; a power cut may cost the last writes.
    Every method raises LycheeError, naming the file, where it is none of ours or the disk does not take it.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file or makes it, and the folders above it."""
        self.path = path
        self._lock = threading.Lock()
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
            try:
                self._set_up()
            except BaseException:
                self._connection.close()
                raise

    def of(self, request: bytes) -> dict[bytes, Kept]:
        """All that is kept of a request, by document; what no judgement looks like is passed over, to be made anew."""
        with self._lock, self._told():
            rows = self._connection.execute(
                "SELECT document, score, yes, no, tokens, truncated, raw, ms FROM judgements WHERE request = ?",
                (request,),
            ).fetchall()
        return {row[0]: _kept(*row[1:]) for row in rows if _is_sound(*row)}

    def keep(self, request: bytes, judged: Mapping[bytes, Kept]) -> None:
        """Writes the judgements, all of them or none; those with an error are left out, to be tried again."""
        rows = [_row(request, key, one) for key, one in judged.items() if one.judgement.error is None]
        with self._lock, self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._connection.executemany(f"INSERT OR REPLACE INTO judgements VALUES ({', '.join('?' * 9)})", rows)
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def __len__(self) -> int:
        """How many are kept."""
        with self._lock, self._told():
            return int(self._connection.execute("SELECT count(*) FROM judgements").fetchone()[0])

    def close(self) -> None:
        """Calling it twice is harmless; any other call afterwards raises."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _set_up(self) -> None:
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and (application, version) != (_APPLICATION, _VERSION):
            raise sqlite3.DatabaseError("it is no file of scores, or one of another version")
        if not tables:
            self._create()
        self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def _create(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        if not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:  # nobody was quicker
            self._connection.execute(_TABLE)
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {_VERSION}")
        self._connection.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise LycheeError(
                    f"the file of scores {self.path} is being written by another process; try again when that is done"
                ) from error
            raise LycheeError(
                f"the file of scores {self.path} cannot be used: {error}; remove it, or name another folder"
            ) from error


def _row(request: bytes, key: bytes, kept: Kept) -> tuple[object, ...]:
    judged = kept.judgement
    yes, no = judged.logits or (None, None)
    return request, key, judged.score, yes, no, judged.tokens, judged.truncated, judged.raw, kept.ms


def _is_sound(*row: object) -> bool:
    """SQLite takes any type in any column, and whoever edits the file any number."""
    document, score, yes, no, tokens, truncated, raw, ms = row
    return (
        isinstance(document, bytes)
        and isinstance(score, float)
        and 0 <= score <= 1
        and (yes is None) == (no is None)
        and all(logit is None or (isinstance(logit, float) and math.isfinite(logit)) for logit in (yes, no))
        and isinstance(tokens, int)
        and tokens >= 0
        and truncated in (0, 1)
        and (raw is None or isinstance(raw, str))
        and isinstance(ms, float)
        and 0 <= ms < math.inf
    )


def _kept(
    score: float, yes: float | None, no: float | None, tokens: int, truncated: int, raw: str | None, ms: float
) -> Kept:
    logits = None if yes is None or no is None else (yes, no)
    return Kept(Judgement(score, logits, tokens, bool(truncated), raw=raw), ms)
