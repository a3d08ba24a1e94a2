"""The domain as files: what to learn from, and what to measure by. Knows nothing of what stands in them."""

from pathlib import Path
from typing import Final

from demo.domain.album import Album
from demo.domain.asking import asked, taught
from demo.domain.remembering import remembered
from reranker.examples.file import write

TRAIN: Final = "train.jsonl"
TEST: Final = "test.jsonl"
OLD: Final = "old.jsonl"


def write_folder(folder: Path, seed: int) -> None:
    """Writes train.jsonl, test.jsonl, old.jsonl and their pictures, the same bytes for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    album = Album()
    for name, examples in ((TRAIN, taught(seed, album)), (TEST, asked(seed)), (OLD, remembered(seed, album))):
        write(folder / name, examples)
    album.write(folder)
