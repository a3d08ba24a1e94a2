"""How many scans a JPEG has, told without decoding it. Knows nothing of pixels."""

import re
from typing import Final

from content.errors import TooLarge

MOST_SCANS: Final = 100  # as libtiff has it for JPEG in TIFF; encoders write a dozen
MOST_SEGMENTS: Final = 20_000  # of tables, EXIF, profiles and comments; cameras write some tens
_START: Final = b"\xff\xd8\xff"
# The next marker as libjpeg looks for it (ITU T.81, B.1.1.2): not a stuffed zero, and not a restart within a scan.
_MARKER: Final = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_END: Final = 0xD9
_SCAN: Final = 0xDA


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
