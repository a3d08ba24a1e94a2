"""What a file is taken for, by the end of its name. Knows nothing of what is in it."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final, Literal

FileKind = Literal["image", "text", "pdf", "table"]

_EXTENSIONS: Final[Mapping[FileKind, tuple[str, ...]]] = {
    "image": (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib"),
        *(".tif", ".tiff", ".heic", ".heif", ".hif", ".avif"),
    ),
    "text": (".txt", ".md", ".markdown"),
    "pdf": (".pdf",),
    "table": (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"),
}
_KINDS: Final = {extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions}

ACCEPTED: Final = "a folder, a picture, a .txt, .md or .pdf file, or a .jsonl, .csv, .tsv or .parquet table"


def kind_of(name: str) -> FileKind | None:
    """None for a file that is nothing to index."""
    return _KINDS.get(PurePath(name).suffix.lower())
