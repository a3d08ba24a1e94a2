"""The `image` column of a table: whose bytes a cell means. Knows nothing of what the bytes are."""

import re
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Final

from content.data_uri import decode_data_uri_or_base64
from content.errors import InvalidInput, NotFound
from content.files import read_image_file
from content.limits import ImageLimits

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\-\s]{64,}={0,2}\s*")
_LONGEST_PATH: Final = 4096
_EXPECTED: Final = "a path relative to the table's folder, a data URI, base64, bytes, or {bytes, path}"
_SENT: Final = ("data:", "http://", "https://")
_SENDABLE: Final = "a data URI, base64 or bytes"


def is_empty(cell: object) -> bool:
    """Whether a cell names no picture at all."""
    if isinstance(cell, Mapping):
        return all(_is_nothing(cell.get(key)) for key in ("bytes", "path"))
    return _is_nothing(cell)


def _is_nothing(cell: object) -> bool:
    return cell is None or cell in ("", b"") or (isinstance(cell, float) and cell != cell)


def path_in(cell: object) -> str | None:
    """The path that a cell may mean, as it stands there; None where it can mean none."""
    if isinstance(cell, Mapping):
        return path_in(cell.get("path")) if is_empty(cell.get("bytes")) else path_in(cell.get("bytes"))
    if not isinstance(cell, str) or not cell or len(cell) > _LONGEST_PATH or cell[:16].lstrip().startswith("data:"):
        return None
    return cell


def picture_bytes(cell: object, folder: Path, limits: ImageLimits, *, closed: bool = False) -> bytes | None:
    """cell: a path relative to `folder` (and not leading out of it), a data URI, base64, bytes, or a mapping with
    `bytes` or `path` as data sets of Hugging Face have it. None for an empty cell.

    Raises InvalidInput, NotFound, TooLarge; URLs are refused, for a source reads what is there and nothing else.
    """
    if is_empty(cell):
        return None
    cell = _unwrapped(cell)
    if isinstance(cell, bytes | bytearray):
        limits.check_bytes(len(cell))
        return bytes(cell)
    if not isinstance(cell, str):
        raise InvalidInput(f"`image` must be {_EXPECTED}", param="image")
    return _from_string(cell, folder, limits, closed=closed)


def sent_picture(cell: object) -> str | bytes | None:
    """As `picture_bytes`, in a table that somebody sent: no cell of it means a file of this machine. A string is given
    back as it is, where it has the form of a data URI, base64 or an http(s) URL; nobody has looked into it.

    Raises InvalidInput for any other cell, a path above all.
    """
    if is_empty(cell):
        return None
    cell = _unwrapped(cell)
    if isinstance(cell, bytes | bytearray):
        return bytes(cell)
    if isinstance(cell, str) and (cell[:16].lstrip().lower().startswith(_SENT) or _BASE64.fullmatch(cell)):
        return cell
    if isinstance(cell, str):
        named = f"`image` names a file (`{cell[:80]}`), and a table that is sent brings no files along"
        raise InvalidInput(f"{named}; give the picture itself as {_SENDABLE}", param="image")
    raise InvalidInput(f"`image` must be {_SENDABLE}", param="image")


def _unwrapped(cell: object) -> object:
    """What a mapping holds; one level of it, for a stranger's may be thousands deep."""
    if not isinstance(cell, Mapping):
        return cell
    return cell["path"] if _is_nothing(cell.get("bytes")) else cell["bytes"]


def _from_string(cell: str, folder: Path, limits: ImageLimits, *, closed: bool) -> bytes:
    start = cell[:16].lstrip().lower()
    if start.startswith("data:"):
        return decode_data_uri_or_base64(cell, param="image", limits=limits)
    if start.startswith(("http://", "https://")):
        raise InvalidInput(f"`image` is a URL, and URLs are not fetched here; give {_EXPECTED}", param="image")
    may_be_base64 = _BASE64.fullmatch(cell) is not None
    if may_be_base64 and len(cell) > _LONGEST_PATH:
        return decode_data_uri_or_base64(cell, param="image", limits=limits)
    try:
        if closed and _leads_out(cell):
            raise InvalidInput("`image` is a path that leads out of what was sent, and is not read", param="image")
        return read_image_file(cell, folder, limits, param="image")
    except (NotFound, InvalidInput):
        if may_be_base64:
            return decode_data_uri_or_base64(cell, param="image", limits=limits)
        raise


def _leads_out(path: str) -> bool:
    """Whether a path may name something beside what lies below its folder, on whatever system it was written."""
    windows = PureWindowsPath(path)
    return bool(windows.anchor) or path.startswith("~") or ".." in windows.parts
