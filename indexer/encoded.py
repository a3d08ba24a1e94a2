"""An item on its way into a collection, with its vectors. Knows not how they were made or where they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.item import JsonValue, Passage, Picture
from indexer.protocols import Channel, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class EncodedItem:
    """One item, ready to be stored.

    picture: the picture in the form in which it is stored and served.
    digest: 32 bytes that stand for text, picture and metadata; a later build compares it to skip what is unchanged.
    vectors: (m, d) float32 per channel, rows of unit length. A channel that is not there has no vectors.
    passages: what each row of `vectors["text"]` was made from, in their order; () where each is of the whole text.
    ocr: what was read off the picture; None where nobody looked.
    """

    id: str
    text: str | None
    picture: Picture | None
    digest: bytes
    vectors: Mapping[Channel, Vectors]
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    ocr: str | None = None
