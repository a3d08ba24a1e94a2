"""What an id, a text, metadata and an encoder must be like for a collection to take them. Knows nothing of where they
come from."""

import json
import unicodedata
from collections.abc import Mapping

from content.errors import EncoderMismatch, InvalidInput
from indexer.item import JsonValue
from indexer.protocols import Encoder
from indexer.store.info import StoreInfo

MAX_ID_CHARACTERS = 512


def check_id(item_id: str) -> None:
    """Raises InvalidInput unless it has 1 to 512 characters, all of them valid Unicode and none a control character."""
    if not 1 <= len(item_id) <= MAX_ID_CHARACTERS:
        raise InvalidInput(
            f"an id has 1 to {MAX_ID_CHARACTERS} characters, and this one has {len(item_id)}", param="id"
        )
    for character in item_id:
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise InvalidInput(
                f"an id holds no control characters or lone surrogates, and {item_id!a} does", param="id"
            )


def check_text(text: str) -> None:
    """Raises InvalidInput when the text holds lone surrogates, which no file, tokenizer or database can take."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"the text is no valid Unicode: a lone surrogate at position {error.start}", param="text"
        ) from error


def metadata_json(metadata: Mapping[str, JsonValue]) -> str:
    """The metadata as JSON. Raises InvalidInput for what JSON cannot hold: NaN, dates, keys that are no strings."""
    if not all(isinstance(key, str) for key in metadata):
        raise InvalidInput("the keys of metadata must be strings", param="metadata")
    try:
        return json.dumps(dict(metadata), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"the metadata cannot be written as JSON: {error}", param="metadata") from error


def check_encoder(collection: str, info: StoreInfo, encoder: Encoder) -> None:
    """Raises EncoderMismatch, naming both, unless the encoder is the one that made the collection's vectors."""
    if (encoder.fingerprint, encoder.dimension) == (info.fingerprint, info.dimension):
        return
    if encoder.name == info.encoder:
        made = (
            f"by other weights of the encoder {info.encoder} ({info.fingerprint[:12]}, now {encoder.fingerprint[:12]})"
        )
        advice = "index again into a new collection"
    else:
        made = (
            f"by the encoder {info.encoder} (weights {info.fingerprint[:12]}), and the one at hand is {encoder.name} "
            f"(weights {encoder.fingerprint[:12]})"
        )
        advice = "take that encoder, or index into a new collection"
    raise EncoderMismatch(f"the collection {collection} was made {made}; {advice}", param="encoder")
