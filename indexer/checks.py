"""What an id, a text and metadata must be like for a collection to take them. Knows nothing of where they come from."""

import json
import sys
import unicodedata
from collections.abc import Mapping
from datetime import date, time

from content.errors import InvalidInput
from indexer.item import JsonValue

MAX_ID_CHARACTERS = 512
MAX_METADATA_KEYS = 256
MAX_KEY_CHARACTERS = 256
MAX_LIST_VALUES = 1000
MAX_METADATA_BYTES = 2**20


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
    """The metadata as JSON. Raises InvalidInput unless each value is a string, a finite number, a boolean, null or a
    list of those: what filters can compare."""
    if len(metadata) > MAX_METADATA_KEYS:
        raise InvalidInput(
            f"an item's metadata has at most {MAX_METADATA_KEYS} keys, not {len(metadata)}", param="metadata"
        )
    for key, value in metadata.items():
        _check_key(key)
        if not isinstance(value, list | tuple):
            _check_value(key, value)
            continue
        if len(value) > MAX_LIST_VALUES:
            raise _refused(key, f"has a list of {len(value)} values, and may have {MAX_LIST_VALUES}")
        for element in value:
            _check_value(key, element, in_list=True)
    written = json.dumps(dict(metadata), allow_nan=False)
    if len(written) > MAX_METADATA_BYTES:
        raise InvalidInput(
            f"an item's metadata has at most {MAX_METADATA_BYTES} bytes as JSON, not {len(written)}; long texts belong "
            "into its text",
            param="metadata",
        )
    return written


def _check_key(key: object) -> None:
    if not isinstance(key, str):
        raise InvalidInput(f"the keys of metadata must be strings, and {key!a:.80} is not", param="metadata")
    if key.startswith("$"):
        raise InvalidInput(
            f"a key of metadata does not begin with $, as {key[:80]!a} does: no filter could name it",
            param="metadata",
        )
    if len(key) > MAX_KEY_CHARACTERS:
        raise InvalidInput(
            f"a key of metadata has at most {MAX_KEY_CHARACTERS} characters, and {key[:40]!a}... has {len(key)}",
            param="metadata",
        )
    if not _is_writable(key):
        raise InvalidInput(f"the key {key!a:.80} of metadata holds U+0000 or a lone surrogate", param="metadata")


def _check_value(key: str, value: object, in_list: bool = False) -> None:
    if isinstance(value, str):
        if not _is_writable(value):
            raise _refused(key, "holds U+0000 or a lone surrogate, which no text has; take it out")
    elif isinstance(value, int | float):
        if not abs(value) <= sys.float_info.max:  # false for NaN, too
            raise _refused(key, "is no finite number up to 1.8e308; leave the key out, or take null")
    elif isinstance(value, Mapping):
        name = str(next(iter(value), "name"))[:40].encode("utf-8", "replace").decode()
        raise _refused(key, f"is an object, and metadata is flat: make `{key[:40]}.{name}` a key of its own")
    elif isinstance(value, list | tuple) and in_list:
        raise _refused(key, "is a list inside a list; one list of strings, numbers and booleans is right")
    elif isinstance(value, date | time):
        raise _refused(key, f'is a Python {type(value).__name__}; write it as "{value.isoformat()}"')
    elif value is not None:
        raise _refused(
            key, f"is of the type {type(value).__name__}; strings, numbers, booleans, null and lists of them are right"
        )


def _refused(key: str, reason: str) -> InvalidInput:
    return InvalidInput(f"the metadata value of {key[:80]!r} {reason}", param="metadata")


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text  # SQLite's functions stop there
