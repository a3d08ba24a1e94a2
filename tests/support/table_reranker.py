"""A judge that reads its scores from a table, and ways to fill a toy collection."""

import io
import threading
from collections.abc import Mapping, Sequence

from PIL import Image
from support.one_step import ScoresInSteps
from support.toy_encoder import ToyEncoder

from content import Content, Document, Unreadable
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.item import Picture
from reranker.protocol import Judgement


class TableReranker(ScoresInSteps):
    """The score of a document is the one its text has in the table, or that of `picture` where it has no text; what the
    table lacks scores 0.5. Remembers what it was asked for, and on which thread."""

    name = "table"
    fingerprint = "table"

    def __init__(self, table: Mapping[str, float], picture: float = 0.5) -> None:
        self.table = table
        self.picture = picture
        self.instructions: list[str | None] = []
        self.sizes: list[int] = []
        self.threads: set[int] = set()

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        self.instructions.append(instruction)
        self.sizes.append(len(documents))
        self.threads.add(threading.get_ident())
        return [self._judgement(document) for document in documents]

    def _judgement(self, document: Document) -> Judgement:
        if isinstance(document, Unreadable):
            return Judgement(0.0, error=document.reason)
        score = self.picture if document.text is None else self.table.get(document.text, 0.5)
        return Judgement(score, logits=(0.0, 0.0), tokens=1)


def add_texts(collection: Collection, encoder: ToyEncoder, texts: Mapping[str, str]) -> None:
    vectors = encoder.encode_texts(list(texts.values()))
    collection.upsert(
        [
            EncodedItem(item_id, text, None, item_id.encode().ljust(32), {"text": vectors[[row]]}, {"row": row})
            for row, (item_id, text) in enumerate(texts.items())
        ]
    )


def add_picture(collection: Collection, encoder: ToyEncoder, item_id: str, data: bytes | None = None) -> None:
    """A red picture; `data` in the place of its bytes, as a disk error would leave them."""
    picture = Image.new("RGB", (4, 4), (255, 0, 0))
    vectors = {"image": encoder.encode_images([picture])}
    stored = Picture(png(picture) if data is None else data, "image/png")
    collection.upsert([EncodedItem(item_id, None, stored, item_id.encode().ljust(32), vectors)])


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
