"""The `image` column of a table: whose bytes a cell means. Knows nothing of what the bytes are."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from content.data_uri import decode_data_uri_or_base64
from content.errors import InvalidInput, NotFound
from content.files import read_image_file
from content.limits import ImageLimits

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\-\s]{64,}={0,2}\s*")
_LONGEST_PATH: Final = 4096
_EXPECTED: Final = "a path relative to the table's folder, a data URI, base64, bytes, or {bytes, path}"


def is_empty(cell: object) -> bool:
    """Whether a cell names no picture at all."""
    if isinstance(cell, Mapping):
        return all(is_empty(cell.get(key)) for key in ("bytes", "path"))
    return cell is None or cell in ("", b"") or (isinstance(cell, float) and cell != cell)


def picture_bytes(cell: object, folder: Path, limits: ImageLimits) -> bytes | None:
    """cell: a path relative to `folder` (and not leading out of it), a data URI, base64, bytes, or a mapping with
    `bytes` or `path` as data sets of Hugging Face have it. None for an empty cell.

    Raises InvalidInput, NotFound, TooLarge; URLs are refused, for a source reads what is there and nothing else.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, Mapping):
        return picture_bytes(cell["path"] if is_empty(cell.get("bytes")) else cell["bytes"], folder, limits)
    if isinstance(cell, bytes | bytearray):
        limits.check_bytes(len(cell))
        return bytes(cell)
    if not isinstance(cell, str):
        raise InvalidInput(f"`image` must be {_EXPECTED}", param="image")
    return _from_string(cell, folder, limits)


def _from_string(cell: str, folder: Path, limits: ImageLimits) -> bytes:
    start = cell[:16].lstrip().lower()
    if start.startswith("data:"):
        return decode_data_uri_or_base64(cell, param="image", limits=limits)
    if start.startswith(("http://", "https://")):
        raise InvalidInput(f"`image` is a URL, and URLs are not fetched here; give {_EXPECTED}", param="image")
    may_be_base64 = _BASE64.fullmatch(cell) is not None
    if may_be_base64 and len(cell) > _LONGEST_PATH:
        return decode_data_uri_or_base64(cell, param="image", limits=limits)
    try:
        return read_image_file(cell, folder, limits, param="image")
    except (NotFound, InvalidInput):
        if may_be_base64:
            return decode_data_uri_or_base64(cell, param="image", limits=limits)
        raise
