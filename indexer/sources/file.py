"""One file to index: a picture, a text, or a PDF with its pages. Knows nothing of folders and tables."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from content.errors import LycheeError
from content.files import open_file, read_file, read_image_file, resolve_under
from content.limits import ImageLimits
from indexer.checks import check_id
from indexer.record import Entry, Record, Refusal, digest
from indexer.sources.kinds import FileKind
from indexer.sources.pdf import OpenPdfs
from indexer.sources.text import MAX_TEXT_BYTES, decode_text

_RENDERING = b"pdf page, rendering 1\0"  # to be counted up when pages are rendered or read in another way


@dataclass(frozen=True, slots=True)
class FileReader:
    """Turns files, given by their path from `root`, into entries.

    A file that cannot be read is a Refusal, or an error of `Entry.read`.
    """

    root: Path
    limits: ImageLimits
    pdfs: OpenPdfs

    def entries(self, path: Path, item_id: str, kind: FileKind) -> Iterator[Entry | Refusal]:
        try:
            check_id(item_id)
            if kind == "image":
                yield Entry(item_id, lambda: self._image(path, item_id))
            elif kind == "text":
                yield Entry(item_id, lambda: self._text(path, item_id))
            else:
                yield from self._pages(path, item_id)
        except LycheeError as error:
            yield Refusal(item_id, error.message)

    def count(self, path: Path, kind: FileKind) -> int:
        """How many entries and refusals `entries` will give."""
        if kind != "pdf":
            return 1
        try:
            return self.pdfs.page_count(resolve_under(path, self.root))
        except LycheeError:
            return 1

    def _image(self, path: Path, item_id: str) -> Record:
        data = read_image_file(path, self.root, self.limits)
        return Record(item_id, None, data, digest(None, data, {}))

    def _text(self, path: Path, item_id: str) -> Record:
        text = decode_text(read_file(path, self.root, MAX_TEXT_BYTES))
        return Record(item_id, text, None, digest(text, None, {}))

    def _pages(self, path: Path, item_id: str) -> Iterator[Entry]:
        with open_file(path, self.root) as file:
            file_hash = hashlib.file_digest(file, "blake2b").digest()
        full = resolve_under(path, self.root)
        for page in range(self.pdfs.page_count(full)):
            yield self._page(full, f"{item_id}#page={page + 1}", page, file_hash)

    def _page(self, full: Path, page_id: str, page: int, file_hash: bytes) -> Entry:
        metadata = {"page": page + 1}
        token = _RENDERING + file_hash + page.to_bytes(4)

        def read() -> Record:
            check_id(page_id)
            text = self.pdfs.text(full, page)
            picture = partial(self.pdfs.picture, full, page)
            return Record(page_id, text, picture, digest(text, token, metadata), metadata)

        return Entry(page_id, read)
