"""A process that writes into a collection, as `lychee index` does beside a server, and says on a line each what it has
done: `python -m support.upserter FOLDER BATCHES SIZE`.

Batch n puts items `n-0` ... with the text `number<n> red`, replaces the item `turning`, and deletes all but the last
item of batch n - 1.
"""

import sys
from pathlib import Path

from support.toy_encoder import ToyEncoder

from indexer.collection import Collection
from indexer.encoded import EncodedItem


def batch(encoder: ToyEncoder, n: int, size: int) -> list[EncodedItem]:
    text = f"number{n} red"
    vectors = {"text": encoder.encode_texts([text]), "image": encoder.encode_texts(["blue"])}
    ids = [f"{n}-{i}" for i in range(size)]
    return [EncodedItem(item_id, text, None, b"", vectors, {"batch": n}) for item_id in [*ids, "turning"]]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path, batches: int, size: int) -> None:
    encoder = ToyEncoder()
    with Collection.open(folder, encoder) as collection:
        say("ready")
        sys.stdin.readline()
        for n in range(batches):
            collection.upsert(batch(encoder, n, size))
            say(f"stored {n}")
            if n:
                collection.delete([f"{n - 1}-{i}" for i in range(size - 1)])
                say(f"deleted {n - 1}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
