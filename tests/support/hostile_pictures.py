"""Picture files as an enemy sends them: bombs, polyglots, damaged ones, and what is no picture at all. Each is a few
hundred kilobytes at most, whatever it unpacks to."""

import io
import struct
import zipfile
import zlib
from functools import cache

from PIL import Image
from support.hostile_files import huge_png
from support.pictures import encoded, picture

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'


@cache
def hostile_pictures() -> dict[str, bytes]:
    """By name. Some are sound and merely unpleasant; none may cost much, whether it is read or refused."""
    jpeg, png, gif = (encoded(picture(), name) for name in ("JPEG", "PNG", "GIF"))
    return {
        "PNG of 400 million pixels": huge_png(),
        "PNG with a text of 100 MB": _png(_chunk(b"zTXt", b"a\0\0" + _zeros(100))),
        "PNG with a colour profile of 100 MB": _png(_chunk(b"iCCP", b"a\0\0" + _zeros(100))),
        "PNG whose pixels never end": _png(idat=_zeros(100)),
        "PNG of no size": _png(size=(0, 0)),
        "PNG of no height": _png(size=(8, 0)),
        "PNG with a negative chunk": _PNG + struct.pack(">I", 0xFFFFFFFF) + b"IHDR",
        "WebP of 268 million pixels": _webp(16383, 16383),
        "GIF of 65535 x 65535": b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0\0\0" + gif[13:],
        "GIF with 5,000 frames": _gif_frames(5_000),
        "TIFF of 4 billion pixels": _tiff(65535, 65535),
        "TIFF that leads back to itself": _tiff(8, 8, following=8),
        "TIFF with a strip of 100 MB": _tiff(8, 8, compression=8, strip=_zeros(100)),
        "BMP of no size": b"BM" + bytes(8) + struct.pack("<IIiiHHI", 54, 40, 0, 0, 1, 24, 0) + bytes(24),
        "BMP of negative size": b"BM" + bytes(8) + struct.pack("<IIiiHHI", 54, 40, -9, -9, 1, 24, 0) + bytes(24),
        "JPEG with huge EXIF": _jpeg_with(jpeg, *[b"\xff\xe1\xff\xffExif\0\0" + bytes(65527)] * 5),
        "JPEG whose EXIF lies about its offsets": _jpeg_with(
            jpeg, b"\xff\xe1\0\x20Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(16)
        ),
        "JPEG cut short": jpeg[: len(jpeg) // 2],
        "GIF that is JavaScript": b"GIF89a/*" + gif[8:] + b"*/=1;alert(1)",
        "JPEG that is a page": jpeg + b"<script>alert(1)</script>",
        "PNG that is a ZIP": png + _zip(),
        "PDF that is a JPEG": b"%PDF-1.4\n" + jpeg,
        "HTML": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        "SVG": _SVG,
        "SVG of a billion laughs": _LAUGHS,
        "SVG behind a PNG's name": _PNG + _SVG,
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n(/etc/passwd) (r) file\n",
        "XPM, a format that is not read": b'/* XPM */\nstatic char *x[] = {"1 1 1 1", "a c red", "a"};',
        "nothing but zeros": bytes(1000),
        "one byte": b"\xff",
    }


def _zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(10**6)) for _ in range(megabytes)) + packer.flush()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(*more: bytes, size: tuple[int, int] = (8, 8), idat: bytes | None = None) -> bytes:
    pixels = zlib.compress((b"\0" + b"\xff" * 8) * 8) if idat is None else idat
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0))
    return _PNG + header + b"".join(more) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _webp(width: int, height: int) -> bytes:
    sizes = (width - 1) | (height - 1) << 14
    body = b"VP8L" + struct.pack("<I", 1024) + b"\x2f" + struct.pack("<I", sizes) + bytes(1019)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _gif_frames(count: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (2, 2)).save(buffer, "GIF")
    one = buffer.getvalue()
    frame = one[one.index(b"\x2c") : -1]
    return one[:-1] + frame * count + b";"


def _tiff(width: int, height: int, following: int = 0, compression: int = 1, strip: bytes = bytes(64)) -> bytes:
    tags = (
        (256, width), (257, height), (258, 8), (259, compression), (262, 1),
        (273, 8 + 2 + 9 * 12 + 4), (277, 1), (278, height), (279, len(strip)),
    )  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", following) + strip


def _jpeg_with(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(10**7))
    return buffer.getvalue()
