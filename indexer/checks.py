"""What an id, a text and metadata must be like to be stored. Knows nothing of where they come from."""

import json
import unicodedata
from collections.abc import Mapping

from content.errors import InvalidInput
from indexer.item import JsonValue

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
