"""What an entry of a ZIP archive is called, and whether a file may be called so. Knows nothing of what is in it."""

import re
import stat
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZipInfo

from content.errors import InvalidInput
from indexer.checks import check_id
from indexer.sources.tree import is_for_computers

_UTF8: Final = 0x800  # APPNOTE.TXT 4.4.4, bit 11
_DRIVE: Final = re.compile("[A-Za-z]:")
_DEEPEST: Final = 32
_LONGEST_BYTES: Final = 255  # of a name within a folder


def name_of(info: ZipInfo) -> str:
    """The name as whoever packed it saw it. Without the mark of UTF-8 it is in UTF-8 all the same (macOS), in GBK
    (Chinese Windows), or in the code page 437 that the format asks for."""
    name = info.orig_filename
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    raw = name.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _chinese(raw) or name


def place_of(info: ZipInfo) -> PurePosixPath | None:
    """Where in its folder the entry belongs; None for a folder, and for what is there for programs only.

    Raises InvalidInput for a name that leads out of the folder or that no file may have, and for what is no file.
    """
    name = name_of(info).replace("\\", "/")  # as old programs for Windows pack
    parts = name.rstrip("/").split("/")
    if "\0" in name or name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        raise InvalidInput("its name leads out of the archive, so it is not unpacked")
    if name.endswith("/") or any(map(is_for_computers, parts)):
        return None
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise InvalidInput("it is a link or a device, and only files are unpacked")
    check_id(name)
    if "" in parts or any(len(part.encode("utf-8", "replace")) > _LONGEST_BYTES for part in parts):
        raise InvalidInput(f"a part of its name is empty or longer than {_LONGEST_BYTES} bytes")
    if len(parts) > _DEEPEST:
        raise InvalidInput(f"it lies more than {_DEEPEST} folders deep")
    return PurePosixPath(*parts)


def _chinese(raw: bytes) -> str | None:
    """Read as GBK, where at least one of the characters is a common one: two accented letters of a European name are
    valid GBK as well, but rare Chinese."""
    try:
        name = raw.decode("gbk")
    except UnicodeDecodeError:
        return None
    return name if any(not each.isascii() and _is_common(each) for each in name) else None


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
