"""A process that puts blobs into a file, for ever and to be killed or up to a last one, and says after each that it was
written. What blob n holds can be worked out again."""

import random
import sys
from contextlib import closing
from pathlib import Path

from reranker.blob_file import BlobFile

SPACE = "model"
ROOM = 64 * 2**20


def key_of(number: int) -> bytes:
    return number.to_bytes(16, "big")


def blob_of(number: int) -> bytes:
    """32 kB."""
    return random.Random(number).randbytes(2**15)


def main(path: Path, numbers: range) -> None:
    with closing(BlobFile(path, ROOM)) as file:
        for number in numbers:
            file.put(SPACE, key_of(number), blob_of(number), {})
            sys.stdout.write(f"written {number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), range(*map(int, sys.argv[2:])))
