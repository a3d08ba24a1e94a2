"""An item on its way into a collection, with its vectors. Knows not how they were made or where they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.item import JsonValue, Picture
from indexer.protocols import Channel, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class EncodedItem:
    """One item, ready to be stored.

    picture: the picture in the form in which it is stored and served.
    digest: 32 bytes that stand for text, picture and metadata; a later build compares it to skip what is unchanged.
    vectors: (m, d) float32 per channel, rows of unit length; m is 1 today and the number of passages where a text
        is long. A channel that is not there has no vectors.
    """

    id: str
    text: str | None
    picture: Picture | None
    digest: bytes
    vectors: Mapping[Channel, Vectors]
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
