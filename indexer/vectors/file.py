"""The file of an index: FAISS's own bytes, which are mapped instead of read, then what has no place in them. Knows
nothing of what the index is like inside."""

import json
import mmap
import struct
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

import faiss
import numpy as np

from content.errors import CollectionError, NotFound
from indexer.files import replaced
from indexer.protocols import Keys

# Last in the file: where the keys begin, how many there are, the length of the JSON behind keys and items, a mark, and
# the CRC-32 of all that comes before it.
_PLACES: Final = struct.Struct("<QQQ8s")
_CHECKSUM: Final = struct.Struct("<I")
_MARK: Final = b"LYCHEE\x00\x02"
_BLOCK: Final = 1 << 20
_ALIGNED: Final = 8  # bytes, of an int64


@dataclass(frozen=True, slots=True)
class IndexFile:
    """What is in the file of an index.

    index: FAISS's. keys, items (n,): the key of each row, ascending, and the number of the item it belongs to.
    recall: measured. k_factor: how many times as many rows as are asked for it looks at closely.
    """

    index: faiss.Index
    keys: Keys
    items: Keys
    recall: float
    k_factor: int

    def write(self, path: Path) -> None:
        """To a temporary file, which is flushed to disk and renamed. Raises CollectionError when the disk does not take
        it."""
        if len(self.items) != len(self.keys):
            raise ValueError(f"{len(self.keys)} keys need as many items, not {len(self.items)}")
        try:
            with replaced(path) as temporary:
                faiss.write_index(self.index, str(temporary))
                with temporary.open("ab") as file:
                    file.write(bytes(-file.tell() % _ALIGNED))
                    start = file.tell()
                    file.write(np.ascontiguousarray(self.keys, "<i8").data)
                    file.write(np.ascontiguousarray(self.items, "<i8").data)
                    facts = json.dumps(asdict(_Facts(self.recall, self.k_factor))).encode()
                    file.write(facts)
                    file.write(_PLACES.pack(start, len(self.keys), len(facts), _MARK))
                checksum = _checksum(temporary, temporary.stat().st_size)
                with temporary.open("ab") as file:
                    file.write(_CHECKSUM.pack(checksum))
        except (OSError, RuntimeError) as error:
            raise CollectionError(f"cannot write the index {path}: {error}") from error

    @classmethod
    def open(cls, path: Path) -> Self:
        """Codes, keys and items stay on disk and are shared by all processes that have the file open; none of them may
        be changed, which FAISS does not check: adding to such an index ends the process.

        Raises NotFound when there is no such file, CollectionError when it is not, or no longer, what `write` wrote.
        The checksum is compared first: FAISS's reader is not made for hostile or torn files.
        """
        try:
            with path.open("rb") as file:
                size = path.stat().st_size - _CHECKSUM.size
                if size < _PLACES.size or not _is_whole(path, size):
                    raise CollectionError(f"the index {path} is damaged or no index: its checksum is wrong")
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            start, count, length, mark = _PLACES.unpack_from(mapped, size - _PLACES.size)
            if mark != _MARK:
                raise CollectionError(f"the index {path} is of another version")
            behind = start + 2 * _ALIGNED * count
            facts = _Facts(**json.loads(mapped[behind : behind + length]))
            numbers = np.frombuffer(mapped, "<i8", 2 * count, start)
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except FileNotFoundError as error:
            raise NotFound(f"there is no index {path}") from error
        except (OSError, RuntimeError, ValueError, TypeError) as error:
            raise CollectionError(f"the index {path} cannot be read: {error}") from error
        if index.ntotal != count or index.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise CollectionError(f"the index {path} is of another type")
        return cls(index, numbers[:count], numbers[count:], facts.recall, facts.k_factor)


@dataclass(frozen=True, slots=True)
class _Facts:
    recall: float
    k_factor: int


def _is_whole(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        file.seek(size)
        written = file.read(_CHECKSUM.size)
    return written == _CHECKSUM.pack(_checksum(path, size))


def _checksum(path: Path, size: int) -> int:
    """CRC-32 of the first `size` bytes."""
    checksum = 0
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(size, _BLOCK))):
            checksum = zlib.crc32(block, checksum)
            size -= len(block)
    return checksum
