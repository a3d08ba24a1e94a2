"""A process to be killed: builds a collection from a folder or a MixedSource, slowly, and says when it starts."""

import sys
import time
from pathlib import Path

from support.toy_encoder import ToyEncoder
from support.toy_source import MixedSource

from indexer.build import build
from indexer.collection import Collection
from indexer.protocols import Vectors
from indexer.sources import open_source


class SlowEncoder(ToyEncoder):
    def encode_texts(self, texts: list[str]) -> Vectors:
        time.sleep(0.02)
        return super().encode_texts(texts)


def main(folder: Path, source: str) -> None:
    """source: a size, or the path of what is to be indexed."""
    encoder = SlowEncoder()
    there = (folder / "collection.sqlite").is_file()
    with Collection.open(folder, encoder) if there else Collection.create(folder, encoder) as collection:
        sys.stdout.write("started\n")
        sys.stdout.flush()
        build(collection, encoder, MixedSource(int(source)) if source.isdigit() else open_source(source), batch_size=8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
