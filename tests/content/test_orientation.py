"""EXIF orientation is applied once, in every format that has it; and broken metadata never costs a good picture."""

import contextlib
import io
import struct
import time
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from support.pictures import encoded, mean_difference, picture

from content import load_image
from content.errors import NotAnImage
from content.images import decode, to_rgb
from content.orientation import in_exif

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


def segments(block):
    """Of a JPEG: 64 KiB is the most that one holds."""
    pieces = (b"Exif\0\0" + block[begin : begin + 65_000] for begin in range(0, len(block), 65_000))
    return b"".join(b"\xff\xe1" + struct.pack(">H", len(piece) + 2) + piece for piece in pieces)


def with_exif(name, block, image=STORED):
    """Also what Pillow would not write, because it reads it before."""
    plain = encoded(image, name)
    if name == "JPEG":
        return plain[:2] + segments(block) + plain[2:]
    if name == "PNG":
        chunk = b"eXIf" + block
        return plain[:33] + struct.pack(">I", len(block)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + plain[33:]
    if name == "WEBP":
        return encoded(image, name, exif=block)
    room = b"II*\0\x08\0\0\0".ljust(len(block), b"\0")
    data = encoded(image, name, exif=room)
    assert data.count(room) == 1
    return data.replace(room, block)


def many_tags(tag_count, size):
    """A block of `size` bytes, of which each tag claims nearly all; the last one turns the picture."""
    entries = b"".join(struct.pack("<HHLL", 0x8000 + tag, 7, size - 100, 8) for tag in range(tag_count))
    turn = struct.pack("<HHLHH", 0x0112, 3, 1, 6, 0)
    return (b"II*\0\x08\0\0\0" + struct.pack("<H", tag_count + 1) + entries + turn).ljust(size, b"\0")


HUGE = {
    "tags that each claim all of it": lambda: many_tags(300, 3_000_000),  # a reader of all needs 900 MB
    "as many tags as it holds": lambda: many_tags(20_000, 300_000),
    "prefix upon prefix": lambda: b"Exif\0\0" * 300_000,
}


@pytest.mark.parametrize("kind", HUGE)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_huge_exif_costs_next_to_nothing(name, kind):
    block = HUGE[kind]()
    data = with_exif(name, block)
    plain = load_image(encoded(STORED, name))
    begin = time.process_time()
    tracemalloc.start()
    try:
        loaded = load_image(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * len(data) + 5_000_000
    assert time.process_time() - begin < 1
    turned = name != "AVIF" and b"\x12\x01\x03" in block  # AVIF says it in its own boxes
    assert np.array_equal(loaded, UPRIGHT[6](np.asarray(plain)) if turned else plain)


def test_only_the_first_directory_and_numbers_in_their_place_count():
    assert in_exif(exif(6)) == in_exif(exif(6, prefix=b"")) == in_exif(exif(6, prefix=b"Exif\0\0" * 2)) == 6
    assert in_exif(exif(6, prefix=b"Exif\0\0" * 3)) is None
    first, second = exif(6)[:-4], struct.pack("<HHHLHHL", 1, 0x0112, 3, 1, 8, 0, 0)
    assert in_exif(first + struct.pack("<L", 26) + second) == 6
    empty = b"II*\0\x08\0\0\0\0\0" + struct.pack("<L", 14)
    assert in_exif(empty + second) is None
    for kind, count in ((1, 1), (2, 1), (5, 1), (3, 0), (3, 3), (4, 2), (3, 2**32 - 1)):
        entry = struct.pack("<HHLHH", 0x0112, kind, count, 6, 0)
        assert in_exif(b"II*\0\x08\0\0\0\1\0" + entry) is None, (kind, count)


def test_a_broken_tag_hides_none_behind_it():
    broken = struct.pack("<HHLL", 0x010E, 2, 2**31, 2**31)
    block = b"II*\0\x08\0\0\0\2\0" + broken + struct.pack("<HHLHHL", 0x0112, 3, 1, 6, 0, 0)
    for name in ("JPEG", "PNG", "WEBP"):
        assert load_image(with_exif(name, block)).size == (32, 48), name


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


def xmp_in(name, packet, **options):
    if name == "JPEG":
        plain, note = encoded(STORED, "JPEG", **options), b"http://ns.adobe.com/xap/1.0/\0" + packet
        return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + plain[2:]
    if name == "PNG":
        notes = PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", packet.decode())
        return encoded(STORED, "PNG", pnginfo=notes, **options)
    return encoded(STORED, name, xmp=packet, **options)


@pytest.mark.parametrize("packet", [XMP, XMP.replace(b'="6"', b">6</tiff:Orientation><").replace(b"/></x", b"></x")])
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_xmp_counts_where_exif_says_nothing(name, packet):
    assert load_image(xmp_in(name, packet)).size == (32, 48)
    assert load_image(xmp_in(name, packet, exif=exif(1))).size == (48, 32)
    assert load_image(xmp_in(name, packet, exif=exif(3))).size == (48, 32)


@pytest.mark.parametrize("name", ["AVIF", "TIFF"])
def test_xmp_turns_nothing_that_its_library_turns(name):
    options = {"tiffinfo": {0x0112: 1, 700: XMP}} if name == "TIFF" else {"xmp": XMP}
    assert load_image(encoded(STORED, name, **options)).size == (48, 32)


@pytest.mark.parametrize("digits", ["", "4", "zz", "{}00"])
def test_exif_as_text_of_a_png(digits):
    notes = PngInfo()
    block = exif(6).hex()
    notes.add_text("Raw profile type exif", f"\nexif\n{len(block) // 2:8}\n{block[:40]}\n{block[40:]}\n")
    assert load_image(encoded(STORED, "PNG", pnginfo=notes)).size == (32, 48)
    notes = PngInfo()
    notes.add_text("Raw profile type exif", f"\nexif\n 8\n{digits}", zip=True)
    assert load_image(encoded(STORED, "PNG", pnginfo=notes)).size == (48, 32)


def test_of_a_file_of_several_pictures_the_first_is_read():
    buffer = io.BytesIO()
    STORED.save(buffer, "MPO", save_all=True, append_images=[picture(20, 10)], exif=exif(6))
    assert load_image(buffer.getvalue()).size == (32, 48)
    assert decode(buffer.getvalue()).media_type is None  # there is more in it than the picture


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
