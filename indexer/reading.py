"""Reads and decodes the entries of a source on threads, ahead of whoever takes them, but never far ahead. Knows
nothing of encoding or writing."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final

from content.errors import LycheeError
from indexer.ingest import Prepared
from indexer.record import Entry, Record, Refusal

_MOST_ENTRIES_PER_TASK: Final = 16
_MOST_BYTES_HELD: Final = 16 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """An entry that was read. prepared: None where the collection has the item just so."""

    origin: str
    id: str
    prepared: Prepared | None


Digests = Callable[[Sequence[str]], dict[str, bytes]]
Prepare = Callable[[Record], Prepared]


def read_entries(
    entries: Iterable[Entry | Refusal], digests: Digests, prepare: Prepare, *, threads: int, window: int
) -> Generator[Read | Refusal]:
    """Each entry in its order: read, and decoded unless its digest is the stored one; or refused with the reason.

    At most `window` entries are read ahead of the one that is taken. Close the iterator to stop its threads early.
    """
    per_task = max(1, min(_MOST_ENTRIES_PER_TASK, window // (2 * threads)))
    waiting: deque[Future[list[Read | Refusal]]] = deque()
    remaining = iter(entries)
    pool = ThreadPoolExecutor(threads, "read")
    try:
        while task := list(islice(remaining, per_task)):
            waiting.append(pool.submit(_read_task, task, digests, prepare))
            if (len(waiting) + 1) * per_task > window:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _read_task(entries: Sequence[Entry | Refusal], digests: Digests, prepare: Prepare) -> list[Read | Refusal]:
    """Stored digests are asked for many at a time, but not while more raw bytes are held than is good."""
    done: list[Read | Refusal] = []
    held: list[tuple[Entry, Record] | Refusal] = []
    size = 0
    for entry in entries:
        held.append(_record(entry))
        size += _size(held[-1])
        if size > _MOST_BYTES_HELD:
            done += _decoded(held, digests, prepare)
            held, size = [], 0
    return done + _decoded(held, digests, prepare)


def _record(entry: Entry | Refusal) -> tuple[Entry, Record] | Refusal:
    if isinstance(entry, Refusal):
        return entry
    try:
        return entry, entry.read()
    except LycheeError as error:
        return Refusal(entry.origin, error.message)
    except OSError as error:
        return Refusal(entry.origin, error.strerror or str(error))


def _size(held: tuple[Entry, Record] | Refusal) -> int:
    if isinstance(held, Refusal) or not isinstance(held[1].image, bytes):
        return 0
    return len(held[1].image)


def _decoded(
    held: Sequence[tuple[Entry, Record] | Refusal], digests: Digests, prepare: Prepare
) -> list[Read | Refusal]:
    stored = digests([one[1].id for one in held if not isinstance(one, Refusal)])
    return [one if isinstance(one, Refusal) else _read(*one, stored, prepare) for one in held]


def _read(entry: Entry, record: Record, stored: dict[str, bytes], prepare: Prepare) -> Read | Refusal:
    if stored.get(record.id) == record.digest:
        return Read(entry.origin, record.id, None)
    try:
        return Read(entry.origin, record.id, prepare(record))
    except LycheeError as error:
        return Refusal(entry.origin, error.message)
    except OSError as error:  # of a picture that is rendered only now
        return Refusal(entry.origin, error.strerror or str(error))
