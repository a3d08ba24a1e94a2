"""A collection of coloured pictures and of words, whose neighbours a reader can name."""

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from support.toy_encoder import ToyEncoder

from indexer.collection import Collection
from indexer.encoded import EncodedItem

ITEMS = {
    "photo-red": (None, (255, 0, 0)),
    "photo-purple": (None, (255, 0, 255)),
    "photo-blue": (None, (0, 0, 255)),
    "word-red": ("red", None),
    "word-red-mug": ("red mug", None),
    "both-blue": ("blue", (0, 0, 200)),
}


@pytest.fixture
def encoder() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def collection(tmp_path, encoder) -> Iterator[Collection]:
    with Collection.create(tmp_path / "toys", encoder) as collection:
        collection.upsert([encoded(encoder, item_id, *sides) for item_id, sides in ITEMS.items()])
        yield collection


def plain(colour: tuple[int, int, int]) -> Image.Image:
    return Image.new("RGB", (4, 4), colour)


def encoded(encoder: ToyEncoder, item_id: str, text: str | None, colour: tuple[int, int, int] | None) -> EncodedItem:
    vectors = {}
    if text is not None:
        vectors["text"] = encoder.encode_texts([text])
    if colour is not None:
        vectors["image"] = encoder.encode_images([plain(colour)])
    assert all(vector.dtype == np.float32 for vector in vectors.values())
    return EncodedItem(item_id, text, None, item_id.encode().ljust(32), vectors)
