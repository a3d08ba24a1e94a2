"""A process to be killed: writes batches into a collection for ever, and says after each that it was acknowledged.

Batch n puts 20 new items, gives the 10 shared ones the text `n`, and deletes the first 5 items of batch n - 1.
"""

import sys
from itertools import count
from pathlib import Path

from support.toy_encoder import ToyEncoder

from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.item import Picture


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path, first: int) -> None:
    encoder = ToyEncoder()
    with Collection.open(folder, encoder) as collection:
        for n in count(first):
            ids = [f"{n}-{i}" for i in range(20)] + [f"shared-{i}" for i in range(10)]
            vectors = encoder.encode_texts([f"batch {n}"])
            picture = Picture(b"%d" % n * 5000, "image/png")
            collection.upsert(
                [EncodedItem(one, str(n), picture, b"", {"text": vectors, "image": vectors}) for one in ids]
            )
            say(f"stored {n}")
            collection.delete([f"{n - 1}-{i}" for i in range(5)])
            say(f"deleted {n - 1}")
            if n % 7 == 0:
                collection.save()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
