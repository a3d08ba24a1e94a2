from collections.abc import Callable

import numpy as np
import pytest
from support.toy_encoder import ToyEncoder

from indexer.collection import Collection
from indexer.encoded import EncodedItem
from indexer.item import Picture


@pytest.fixture
def encoder() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def collection(tmp_path, encoder):
    with Collection.create(tmp_path / "things", encoder) as made:
        yield made


@pytest.fixture
def encoded(encoder) -> Callable[..., EncodedItem]:
    """An item with a text vector for each of its texts, and an image vector where it has a picture of one colour."""

    def make(item_id: str, *texts: str, picture: Picture | None = None, colour: str | None = None, **metadata):
        vectors = {"text": encoder.encode_texts(list(texts))}
        if colour is not None:
            vectors["image"] = encoder.encode_texts([colour])  # the toy encoder's picture of that colour
        digest = np.array([hash((item_id, texts))]).tobytes() * 4
        return EncodedItem(item_id, " ".join(texts) or None, picture, digest, vectors, metadata)

    return make
