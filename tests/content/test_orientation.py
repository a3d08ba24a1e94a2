"""EXIF orientation is applied once, in every format that has it; and broken metadata never costs a good picture."""

import contextlib
import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image
from support.pictures import encoded, mean_difference, picture

from content import load_image
from content.errors import NotAnImage
from content.images import to_rgb

# EXIF 2.32, 4.6.4 A, written again with numpy: what a viewer does to the stored rows (h, w, 3).
UPRIGHT = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: np.rot90(a),
}
STORED = picture(48, 32)


def exif(value, *, order="<", kind=3, prefix=b"Exif\0\0"):
    mark = b"II" if order == "<" else b"MM"
    field = struct.pack(order + {3: "HH", 4: "L"}[kind], *([value, 0] if kind == 3 else [value]))
    entry = struct.pack(order + "HHL", 0x0112, kind, 1) + field
    return prefix + mark + struct.pack(order + "HLH", 42, 8, 1) + entry + b"\0\0\0\0"


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize(
    ("name", "options"), [("JPEG", {"quality": 95, "subsampling": 0}), ("PNG", {}), ("WEBP", {"lossless": True})]
)
def test_every_orientation(name, options, value):
    expected = UPRIGHT[value](np.asarray(load_image(encoded(STORED, name, **options))))

    loaded = load_image(encoded(STORED, name, exif=exif(value), **options))

    assert np.array_equal(loaded, expected)
    assert to_rgb(loaded) is loaded  # upright for good: a second look must not turn it again


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
def test_every_orientation_of_a_tiff(value, compression):
    data = encoded(STORED, "TIFF", tiffinfo={0x0112: value}, compression=compression)
    assert np.array_equal(load_image(data), UPRIGHT[value](np.asarray(STORED)))


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("name", ["AVIF", "HEIF"])
def test_every_orientation_of_what_a_library_turns(name, value):
    expected = Image.fromarray(np.ascontiguousarray(UPRIGHT[value](np.asarray(STORED))))

    loaded = load_image(encoded(STORED, name, quality=95, exif=exif(value)))

    assert loaded.size == expected.size
    assert mean_difference(loaded, expected) < 6  # a wrong turn makes it ten times that


def test_a_picture_that_somebody_else_opened_is_turned_too():
    opened = Image.open(io.BytesIO(encoded(STORED, "PNG", exif=exif(6))))
    assert np.array_equal(to_rgb(opened), UPRIGHT[6](np.asarray(STORED)))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", [3, 4])
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_both_byte_orders_and_types(name, order, kind):
    loaded = load_image(encoded(STORED, name, exif=exif(7, order=order, kind=kind)))
    assert np.array_equal(loaded, UPRIGHT[7](np.asarray(load_image(encoded(STORED, name)))))


BROKEN = {
    "empty": b"",
    "prefix only": b"Exif\0\0",
    "noise": b"Exif\0\0" + bytes(range(256)),
    "no such value": exif(9),
    "cut": exif(6)[:-10],
    "offset far behind the end": b"Exif\0\0II*\0\xff\xff\xff\xff",
    "more tags than bytes": b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
    "a loop of directories": b"Exif\0\0II*\0\x08\0\0\0\x00\x00\x08\0\0\0",
}


@pytest.mark.parametrize("block", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_broken_exif_costs_nothing(name, block):
    data = encoded(STORED, name, exif=block) if block else encoded(STORED, name)
    assert np.array_equal(load_image(data), load_image(encoded(STORED, name)))


def test_huge_exif_costs_nothing():
    # 60,000 tags that each claim the whole block: a reader of all tags would need gigabytes
    entries = b"".join(struct.pack("<HHLL", tag % 65536, 7, 3_000_000, 8) for tag in range(60_000))
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 60_000) + entries + bytes(4_000_000)
    for name in ("PNG", "WEBP"):
        assert np.array_equal(load_image(encoded(STORED, name, exif=block)), load_image(encoded(STORED, name)))


def test_exif_in_many_segments_of_a_jpeg():
    plain = encoded(STORED, "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", 65_000) + b"Exif\0\0" + exif(6, prefix=b"").ljust(64_992, b"\0")
    assert load_image(plain[:2] + segment * 60 + plain[2:]).size == (32, 48)


def test_text_chunks_of_a_png_cannot_fill_the_memory(png):
    bomb = zlib.compress(bytes(50_000_000))
    for chunk in ((b"iCCP", b"icc\0\0" + bomb), (b"zTXt", b"Comment\0\0" + bomb)):
        data = png(2, 2, 8, 2, [bytes(6)] * 2, [chunk])
        tracemalloc.start()
        try:
            with contextlib.suppress(NotAnImage):
                assert load_image(data).size == (2, 2)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 10_000_000
