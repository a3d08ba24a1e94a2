"""How many scans and tables a JPEG has, told without decoding it. Knows nothing of pixels."""

import re
from typing import Final

from content.errors import TooLarge

MOST_SCANS: Final = 100  # as libtiff has it for JPEG in TIFF; encoders write a dozen
MOST_SEGMENTS: Final = 20_000  # of tables, EXIF, profiles and comments; cameras write some tens
MOST_TABLES: Final = 100  # before the first scan; encoders write up to eight
_START: Final = b"\xff\xd8\xff"
# The next marker as libjpeg looks for it (ITU T.81, B.1.1.2): not a stuffed zero, and not a restart within a scan. Only
# the last of the bytes that pad it is asked for: with all of them the time would grow with their square.
_MARKER: Final = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_END: Final = 0xD9
_SCAN: Final = 0xDA
# What Pillow takes for a segment before the first scan, and those of them whose contents it goes through in Python.
_SEGMENT: Final = re.compile(rb"\xff([\xc0-\xc7\xc9-\xcf\xda-\xef\xfe])", re.DOTALL)
_TABLES: Final = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDE, 0xED} - {0xC4, 0xC8, 0xCC})  # frames, tables, Photoshop's
_EXIF: Final = b"Exif\0\0"


def check_scans(data: bytes) -> None:
    """Each scan of a progressive JPEG goes over the whole picture again, however few bytes it has: without a limit a
    megabyte may take a minute. Raises TooLarge; bytes that are no JPEG pass."""
    if not data.startswith(_START):
        return
    place, scans, segments = 2, 0, 0
    while (marker := _MARKER.search(data, place)) is not None and data[marker.end() - 1] != _END:
        segments += 1
        scans += data[marker.end() - 1] == _SCAN
        if scans > MOST_SCANS or segments > MOST_SEGMENTS:
            raise TooLarge(f"the JPEG has more than {MOST_SCANS} scans, or {MOST_SEGMENTS:,} segments; save it anew")
        place = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2], "big")
    _check_tables(data)


def _check_tables(data: bytes) -> None:
    """Pillow joins the segments of EXIF one by one, and reads tables, frames and Photoshop's notes value by value."""
    place, segments, tables = 2, 0, 0
    while (found := _SEGMENT.search(data, place)) is not None and (kind := data[found.end() - 1]) != _SCAN:
        start = found.end()
        segments += 1
        tables += kind in _TABLES or data.startswith(_EXIF, start + 2)
        if tables > MOST_TABLES or segments > MOST_SEGMENTS:
            raise TooLarge(f"the JPEG has more than {MOST_TABLES} tables and pieces of EXIF; save it anew")
        place = start + max(2, int.from_bytes(data[start : start + 2], "big"))
