"""A process whose disk is full: no file of it may grow beyond some bytes, until it is told that there is room again.

Says what happens, one line each, and is told what to do, one word a line:
`open BYTES EXACT_UP_TO`, `limit BYTES`, `write COUNT`, `search`, `settle`.
"""

import resource
import sys
from pathlib import Path

import numpy as np
from support.toy_encoder import ToyEncoder

from content.errors import LycheeError
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.vectors.live import IndexPolicy

_UNLIMITED = resource.RLIM_INFINITY


def batch(first: int, count: int) -> list[EncodedItem]:
    vectors = np.random.default_rng(first).normal(size=(count, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        EncodedItem(f"{first + n}", f"text {first + n} " * 20, None, b"", {"text": vectors[n : n + 1]}, {"n": n})
        for n in range(count)
    ]


def limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size or _UNLIMITED, _UNLIMITED))


def obey(folder: Path) -> None:
    collection: Collection | None = None
    for line in sys.stdin:
        verb, *numbers = line.split()
        values = [int(number) for number in numbers]
        try:
            if verb == "limit":
                limit(*values)
                told = "limited"
            elif verb == "open":
                collection = Collection.open(folder, ToyEncoder(), IndexPolicy(values[0]))
                told = f"opened {collection.count('text')}"
            elif verb == "write" and collection is not None:
                collection.upsert(batch(*values))
                told = "written"
            elif verb == "settle" and collection is not None:
                collection.save()
                told = f"settled {len(list(folder.glob('text-*.faiss')))}"
            elif verb == "search" and collection is not None:
                found = collection.nearest("text", np.eye(16, dtype=np.float32)[:1], 10_000)[0]
                told = f"found {len(found)} {len(collection)} {len(collection.by_words('text', 10))}"
        except LycheeError as error:
            told = f"{type(error).__name__}: {error.message}"
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    obey(Path(sys.argv[1]))
