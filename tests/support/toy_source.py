"""Sources that live in memory: plain lists of records, and one that is as long as wanted and always the same."""

from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from content.errors import InvalidInput
from indexer.record import Entry, Record, Refusal, digest


def png(colour: tuple[int, int, int], size: tuple[int, int] = (8, 6)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def record(item_id: str, text: str | None = None, image: bytes | None = None, **metadata) -> Record:
    return Record(item_id, text, image, digest(text, image, metadata), metadata)


class ListSource:
    """Entries in the order of a list: a record, an error that reading it raises, or a refusal.

    begun: how many entries have been begun to be read.
    """

    def __init__(self, things: list[Record | Exception | Refusal]) -> None:
        self.things = things
        self.begun = 0

    def count(self) -> int | None:
        return len(self.things)

    def entries(self) -> Iterator[Entry | Refusal]:
        for position, thing in enumerate(self.things):
            if isinstance(thing, Refusal):
                yield thing
            else:
                yield Entry(f"row {position}", self._reader(thing))

    def _reader(self, thing: Record | Exception) -> Callable[[], Record]:
        def read() -> Record:
            self.begun += 1
            if isinstance(thing, Exception):
                raise thing
            return thing

        return read


class MixedSource:
    """`size` entries: texts, pictures, both, and every eleventh one bad. Entry i is the same whenever it is read."""

    def __init__(self, size: int) -> None:
        self._size = size

    def count(self) -> int | None:
        return self._size

    def entries(self) -> Iterator[Entry | Refusal]:
        for i in range(self._size):
            yield Entry(f"row {i}", lambda i=i: self._read(i))

    def _read(self, i: int) -> Record:
        if i % 11 == 5:
            raise InvalidInput(f"entry {i} is bad")
        text = None if i % 3 == 0 else f"thing {i} is {['red', 'green', 'blue'][i % 3]}"
        image = None if i % 3 == 1 else png(tuple(np.random.default_rng(i).integers(0, 255, 3).tolist()))
        return record(f"item-{i:05}", text, image, number=i)
