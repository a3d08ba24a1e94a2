"""ZIP archives as people and attackers make them: names in any encoding, claims that are not true."""

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

LINK = (stat.S_IFLNK | 0o777) << 16
DEVICE = (stat.S_IFCHR | 0o666) << 16


def zip_bytes(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(entry(name), data, method)
    return buffer.getvalue()


def entry(name: str, mode: int = stat.S_IFREG << 16, flags: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name  # not by the constructor, which mends names
    info.external_attr = mode
    info.flag_bits = flags
    return info


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    path.write_bytes(zip_bytes(files))
    return path


def with_raw_name(raw: bytes, data: bytes, *, utf8: bool = False) -> bytes:
    """An archive of one file whose name is these bytes, with or without the mark of UTF-8."""
    stand_in = "N" * len(raw)
    packed = bytearray(zip_bytes({stand_in: data}).replace(stand_in.encode(), raw))
    if utf8:
        packed[7] |= 0x08
        packed[packed.rindex(b"PK\x01\x02") + 9] |= 0x08
    return bytes(packed)
