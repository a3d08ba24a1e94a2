"""From records to stored items: decode, read, split, encode, write. Knows no sources, and not which threads do it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from PIL import Image

from content.errors import InvalidInput, ModelError
from indexer.checks import check_id, check_text, metadata_json
from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.item import JsonValue, Passage, PassageSource, Picture
from indexer.ocr.reader import TextReader
from indexer.passages import split
from indexer.pictures import PictureReader
from indexer.protocols import Channel, Encoder, Vectors
from indexer.record import Record

ENCODED_AT_A_TIME: Final = 128
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A record that was checked and decoded. image: RGB, what the encoder sees. picture: what is stored of it.

    ocr: what was read off the picture, "" where nothing stands there; None where nobody looked. passages: what of both
    gets a vector each, the text's first.
    """

    id: str
    text: str | None
    image: Image.Image | None
    picture: Picture | None
    digest: bytes
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    ocr: str | None = None
    passages: tuple[Passage, ...] = ()

    def words(self, passage: Passage) -> str:
        """The words of one of its passages."""
        return ((self.text if passage.source == "text" else self.ocr) or "")[passage.start : passage.stop]


class Ingest:
    """Brings records into a collection: an image vector from the picture of each, a text vector from each passage of
    its text and of what is read off its picture.

    pictures: shared by all that decode at a time, whose memory it bounds together; None makes one of its own.
    reader: what reads the text in pictures; None leaves it unread.
    """

    def __init__(
        self,
        collection: Collection,
        encoder: Encoder,
        pictures: PictureReader | None = None,
        reader: TextReader | None = None,
    ) -> None:
        self.collection = collection
        self._encoder = encoder
        self._pictures = pictures or PictureReader()
        self._reader = reader

    def upsert(self, records: Sequence[Record]) -> None:
        """All of the records or none; they are on disk and found when this returns.

        Raises InvalidInput (TooLarge, NotAnImage, ...) for the first one that is bad, with `param` naming it as
        `items[i]` or `items[i].field`, and what `Collection.upsert` raises.
        """
        items: list[EncodedItem] = []
        for start in range(0, len(records), ENCODED_AT_A_TIME):
            chunk = enumerate(records[start : start + ENCODED_AT_A_TIME], start)
            items += self.encode([self._prepared(position, record) for position, record in chunk])
        self.collection.upsert(items)

    def prepare(self, record: Record) -> Prepared:
        """Checks, decodes and splits; runs on any thread. Raises InvalidInput."""
        check_id(record.id)
        text = record.text if record.text and record.text.strip() else None
        if text is not None:
            check_text(text)
        metadata_json(record.metadata)
        if record.image is None:
            if text is None:
                raise InvalidInput("an item needs a text, a picture or both, and this one has neither")
            passages = self._passages(text, None)
            return Prepared(record.id, text, None, None, record.digest, record.metadata, passages=passages)
        image, picture = self._pictures.read(record.image)
        ocr = self._read(record.id, image)
        passages = self._passages(text, ocr)
        return Prepared(record.id, text, image, picture, record.digest, record.metadata, ocr, passages)

    def encode(self, prepared: Sequence[Prepared]) -> list[EncodedItem]:
        """One item for each, in their order. Raises ModelError."""
        pictured = [one.image for one in prepared if one.image is not None]
        written = [one.words(passage) for one in prepared for passage in one.passages]
        images, texts = self._encoder.encode_images(pictured), self._encoder.encode_texts(written)
        items, image, text = [], 0, 0  # rows of the next item
        for one in prepared:
            vectors: dict[Channel, Vectors] = {}
            if one.image is not None:
                vectors["image"] = images[image : image + 1]  # (1, d)
                image += 1
            if one.passages:
                vectors["text"] = texts[text : text + len(one.passages)]  # (m, d)
                text += len(one.passages)
            items.append(
                EncodedItem(one.id, one.text, one.picture, one.digest, vectors, one.metadata, one.passages, one.ocr)
            )
        return items

    def _passages(self, text: str | None, ocr: str | None) -> tuple[Passage, ...]:
        sides: tuple[tuple[PassageSource, str | None], ...] = (("text", text), ("ocr", ocr))
        return tuple(
            Passage(source, start, stop)
            for source, written in sides
            for start, stop in split(written or "", self._encoder)
        )

    def _read(self, item_id: str, image: Image.Image) -> str | None:
        """The picture is worth having even where its text cannot be had; as unread, it is tried again another time."""
        if self._reader is None:
            return None
        try:
            return self._reader.read([image])[0]
        except ModelError as error:
            _log.warning("the text in the picture of item %r was not read: %s", item_id, error.message)
            return None

    def _prepared(self, position: int, record: Record) -> Prepared:
        try:
            return self.prepare(record)
        except InvalidInput as error:
            place = f"items[{position}]" if error.param is None else f"items[{position}].{error.param}"
            raise type(error)(f"item {record.id[:80]!r}: {error.message}", param=place) from error
