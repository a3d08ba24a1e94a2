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

ARCHIVE: Final = ".zip"
ACCEPTED: Final = (
    "a folder, a picture, a .txt, .md or .pdf file, a .jsonl, .csv, .tsv or .parquet table, or a .zip with any of these"
)


def kind_of(name: str) -> FileKind | None:
    """None for a file that is nothing to index."""
    return _KINDS.get(PurePath(name).suffix.lower())


def is_archive(name: str) -> bool:
    """Whether it is a file of files."""
    return PurePath(name).suffix.lower() == ARCHIVE


def why_not(name: str) -> str:
    """Why a file in a folder or archive is nothing to index, where `kind_of` knows no kind."""
    if is_archive(name):
        return "it is an archive inside another one, which is not opened; unpack it first"
    return "files of this kind are not indexed; give pictures, .txt, .md, .pdf, .jsonl, .csv, .tsv or .parquet"
