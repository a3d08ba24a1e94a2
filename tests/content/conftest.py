"""Picture files that Pillow cannot write: written here bit by bit."""

import struct
import zlib

import numpy as np
import pytest
from support.pictures import encoded, picture


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_file(width, height, depth, colour, rows, chunks=()):
    """rows: the packed bytes of each. chunks: (kind, data), put before the pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = [(b"IHDR", header), *chunks, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, data) for kind, data in parts)


def tiff_file(pixels, size, tags, *, header_length=8):
    """A little-endian TIFF of one strip. tags: number -> list of SHORTs, in place where two fit, else behind."""
    tags = {256: [size[0]], 257: [size[1]], 259: [1], 277: [1], 278: [size[1]], **tags}
    entries, behind = {}, b""
    start = header_length + 2 + 12 * (len(tags) + 2) + 4
    for number, values in tags.items():
        raw = struct.pack(f"<{len(values)}H", *values)
        if len(raw) > 4:
            field, behind = struct.pack("<L", start + len(behind)), behind + raw
        else:
            field = raw.ljust(4, b"\0")
        entries[number] = struct.pack("<HHL", number, 3, len(values)) + field
    entries[273] = struct.pack("<HHLL", 273, 4, 1, start + len(behind))
    entries[279] = struct.pack("<HHLL", 279, 4, 1, len(pixels))
    directory = b"".join(entries[number] for number in sorted(entries))
    head = b"II*\0" + struct.pack("<L", header_length) + struct.pack("<H", len(entries))
    return head + directory + b"\0\0\0\0" + behind + pixels


@pytest.fixture
def png():
    return png_file


@pytest.fixture
def grey_png():
    def make(values, bits, clear=None):
        rows = []
        for row in values:
            text = "".join(f"{value:0{bits}b}" for value in row)
            text = text.ljust(-(-len(text) // 8) * 8, "0")
            rows.append(int(text, 2).to_bytes(len(text) // 8))
        chunks = [] if clear is None else [(b"tRNS", struct.pack(">H", clear))]
        return png_file(len(values[0]), len(values), bits, 0, rows, chunks)

    return make


@pytest.fixture
def rgb16_png():
    def make(values, clear=None):
        chunks = [] if clear is None else [(b"tRNS", struct.pack(">HHH", *clear))]
        rows = [np.ascontiguousarray(row, dtype=">u2").tobytes() for row in values]
        return png_file(values.shape[1], values.shape[0], 16, 2, rows, chunks)

    return make


@pytest.fixture
def rgb16_tiff():
    def make(values):
        tags = {258: [16, 16, 16], 262: [2], 277: [3]}
        return tiff_file(values.astype("<u2").tobytes(), values.shape[1::-1], tags)

    return make


@pytest.fixture
def tiff():
    def make(pixels, size, *, bits, photometric=1):
        return tiff_file(pixels, size, {258: [bits], 262: [photometric]})

    return make


@pytest.fixture
def bombs():
    """Headers of every format whose size can be written by hand, with next to nothing behind them."""

    def make(width, height):
        sof = struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\1\x11\0\2\x11\0\3\x11\0"
        scan = b"\xff\xda" + struct.pack(">HB", 12, 3) + b"\1\0\2\0\3\0\0\x3f\0"
        info = struct.pack("<LllHHLLllLL", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
        gif_frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\2\0;"
        found = {
            "JPEG": b"\xff\xd8\xff\xc0" + sof + scan + b"\xff\xd9",
            "PNG": png_file(width, height, 8, 2, [b""]),
            "GIF screen": b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + gif_frame,
            "GIF frame": b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + gif_frame,
            "BMP": b"BM" + struct.pack("<LLL", 54, 0, 54) + info,
            "TIFF": tiff_file(b"", (width, height), {258: [8, 8, 8], 262: [2], 277: [3]}),
        }
        if max(width, height) <= 16_384:
            bits = (width - 1) | (height - 1) << 14
            lossless = b"VP8L" + struct.pack("<LBL", 5, 0x2F, bits) + b"\0"
            found["WebP lossless"] = b"RIFF" + struct.pack("<L", 4 + len(lossless)) + b"WEBP" + lossless
        animation = encoded(picture(), "WEBP", save_all=True, append_images=[picture(seed=1)])
        canvas, start = b"".join((side - 1).to_bytes(3, "little") for side in (width, height)), animation.index(b"VP8X")
        found["WebP animation"] = animation[: start + 12] + canvas + animation[start + 18 :]
        for name in ("HEIF", "AVIF"):
            small, extents = encoded(picture(64, 64), name), b"ispe" + bytes(4)
            assert small.count(extents) == 1
            start = small.index(extents) + len(extents)
            found[name] = small[:start] + struct.pack(">II", width, height) + small[start + 8 :]
        return found

    return make


@pytest.fixture
def huge_tile():
    tags = {258: [8], 262: [1], 322: [60_000], 323: [60_000], 324: [8], 325: [1], 259: [5]}
    return tiff_file(b"\0", (16, 16), tags)
