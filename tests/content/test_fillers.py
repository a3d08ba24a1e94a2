"""Within the limits of bytes and pixels a file may be made of millions of pieces that Pillow goes through in Python;
each such file is refused before that takes seconds, and no file that somebody saved is."""

import struct
import time
import tracemalloc
import zlib
from io import BytesIO

import pytest
from PIL import Image
from support.pictures import encoded, picture

from content import load_image
from content.errors import InvalidInput, TooLarge
from content.jpeg_scans import MOST_TABLES, check_scans
from content.notes import without_notes

MEGABYTES = 19 << 20
JPEG, PNG, GIF = (encoded(picture(60, 40), kind) for kind in ("JPEG", "PNG", "GIF"))
GIF_START = 13 + (3 << ((GIF[10] & 7) + 1))  # behind the palette


def many(piece, count=MEGABYTES):
    return piece * (count // len(piece))


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def in_jpeg(data):
    return JPEG[:2] + data + JPEG[2:]


def in_png(data):
    return PNG[:33] + data + PNG[33:]


def in_gif(data):
    return GIF[:GIF_START] + data + GIF[GIF_START:]


def tiff(*tags, values=b"", next_to=b""):
    """An 8 x 8 picture; `values` stand from byte 1,000 on, `next_to` from 600."""
    plain = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 64)]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in sorted([*plain, *tags]))
    start = b"II*\0\x08\0\0\0" + struct.pack("<H", len(plain) + len(tags)) + entries + bytes(4)
    return (start.ljust(600, b"\0") + next_to).ljust(1000, b"\0") + values


def bmp_in_runs(width, height, data):
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(data), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 1078 + len(data), 0, 0, 1078) + header + bytes(1024) + data


def directory(tags):
    return struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)


BOMB = zlib.compress(b"\xff" * 1_048_570, 9)
FRACTIONS = MEGABYTES // 8
BULK = bytes(MEGABYTES)
CLAIMS = [(40_000 + number, 7, MEGABYTES, 1000) for number in range(40)]
HOSTILE = {
    "JPEG padding": lambda: in_jpeg(many(b"\xff")),
    "JPEG padding that ends in a zero": lambda: in_jpeg(many(b"\xff") + b"\0"),
    "JPEG zeros": lambda: in_jpeg(many(b"\xff\0")),
    "JPEG restarts": lambda: in_jpeg(many(b"\xff\xd0")),
    "JPEG zeros behind an early end": lambda: in_jpeg(b"\xff\xd9" + many(b"\xff\0")),
    "JPEG pieces of EXIF": lambda: in_jpeg(many(segment(0xE1, b"Exif\0\0" + bytes(1100)))),
    "JPEG frames": lambda: in_jpeg(many(segment(0xC0, b"\x08\0\x40\0\x40\x03" + b"\1\x11\0" * 21_800))),
    "PNG chunks": lambda: in_png(many(chunk(b"abCd"))),
    "PNG chunks behind the pixels": lambda: PNG[:-12] + many(chunk(b"IDAT")) + PNG[-12:],
    "PNG profiles": lambda: in_png(many(chunk(b"iCCP", b"a\0\0" + BOMB))),
    "PNG texts": lambda: in_png(many(chunk(b"iTXt", b"a\0\1\0\0\0" + BOMB))),
    "GIF comments": lambda: in_gif(many(b"!\xfe\1a\0")),
    "GIF blocks": lambda: in_gif(b"!\xfe" + many(b"\1a") + b"\0"),
    "GIF zeros": lambda: in_gif(bytes(MEGABYTES)),
    "TIFF resolution": lambda: tiff((282, 5, FRACTIONS, 1000), values=bytes(MEGABYTES)),
    "TIFF EXIF": lambda: tiff(
        (34665, 4, 1, 600),
        next_to=struct.pack("<HHHII", 1, 40000, 5, FRACTIONS, 1000),
        values=bytes(MEGABYTES),
    ),
    "TIFF tags that claim all of it": lambda: tiff(*CLAIMS, values=BULK),
    "TIFF EXIF that claims all of it": lambda: tiff((34665, 4, 1, 600), next_to=directory(CLAIMS[:30]), values=BULK),
    "TIFF EXIF beside lost GPS": lambda: tiff(
        (34665, 4, 1, 600), (34853, 4, 1, 2**31), next_to=directory(CLAIMS[:30]), values=BULK
    ),
    "TIFF EXIF at the first of two places": lambda: tiff(
        (34665, 4, 2, 970), next_to=directory(CLAIMS[:30]).ljust(370, b"\0") + struct.pack("<II", 600, 9), values=BULK
    ),
    "TIFF directories": lambda: tiff(
        (34853, 4, 1, 600), *((34665, 4, 1, at) for at in range(970, 990)), next_to=directory(CLAIMS[:30]), values=BULK
    ),
    "TIFF of tags alone": lambda: (
        b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, FRACTIONS) + many(struct.pack("<HHQQ", 40000, 7, 1, 1))
    ),
    "PNG colours": lambda: in_png(chunk(b"cHRM", many(b"\0\1\2\3"))),
    "BMP columns": lambda: bmp_in_runs(2_000_000, 1, b"\0\2\xff\xff"),
    "BMP runs": lambda: bmp_in_runs(4000, 1999, many(b"\1\5")),
    "BMP rows": lambda: bmp_in_runs(10_000, 5_000, b"\1\5\0\0" * 5_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_of_many_pieces_is_refused_soon(name):
    data = HOSTILE[name]()
    begin = time.process_time()
    with pytest.raises(TooLarge, match="save it anew"):
        load_image(data, param="query.image")
    assert time.process_time() - begin < 1.9


INDEX = b"II*\0\x08\0\0\0" + directory([(1000 + number, 7, 60_000, 8) for number in range(4000)])


@pytest.mark.parametrize("name", ["GIF frames", "PNG EXIF", "JPEG index of pictures"])
def test_what_tells_nothing_of_the_picture_is_not_gone_through(name):
    exif = b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x112, 5, FRACTIONS, 100) + bytes(MEGABYTES + 200)
    frames = GIF[:-1] + many(b",\0\0\0\0\1\0\1\0\0\2\0") + b";"
    index = in_jpeg(segment(0xE2, b"MPF\0" + INDEX.ljust(65_000, b"\0")))
    data = {"GIF frames": frames, "PNG EXIF": in_png(chunk(b"eXIf", exif)), "JPEG index of pictures": index}[name]
    begin = time.process_time()
    tracemalloc.start()
    try:
        assert load_image(data).size == (60, 40)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(data) + 10_000_000
    assert time.process_time() - begin < 1


def test_the_canvas_of_an_animation_is_not_filled_before_its_size_is_looked_at():
    size = struct.pack(">LL", 12_000, 12_000)
    header = chunk(b"IHDR", size + b"\x08\6\0\0\0")
    frame = chunk(b"fcTL", bytes(4) + size + bytes(8) + b"\0\1\0\1" + b"\1\0")  # cleared afterwards
    small = chunk(b"IHDR", struct.pack(">LL", 2, 2) + b"\x08\6\0\0\0")
    for start in (header, small + header):
        data = PNG[:8] + start + chunk(b"acTL", struct.pack(">LL", 1, 0)) + frame + chunk(b"IDAT") + chunk(b"IEND")
        begin = time.process_time()
        with pytest.raises(TooLarge, match="12,000 x 12,000"):
            load_image(data)
        assert time.process_time() - begin < 0.5


def test_a_png_of_20_mib_in_chunks_of_a_kilobyte_is_read():
    assert load_image(in_png(many(chunk(b"abCd", bytes(1024)), (20 << 20) - len(PNG)))).size == (60, 40)


@pytest.mark.parametrize("comment", [b"!\xfe" + many(b"\xff" + b"a" * 255) + b"\0", many(b"!\xfe\5abcde\0", 1 << 19)])
def test_a_gif_of_long_or_many_comments_is_read(comment):
    begin = time.process_time()
    assert load_image(in_gif(comment)).size == (60, 40)
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    "before",
    [b"", b"!\xfe\0", b"!\1\0\2!\xfe\0", b"!\xff\x0bNETSCAPE2.0\0\2!\xfe\0", b"!\xf9\4\0\0\0\0\0", b"!,\1!\0", b"\0\7"],
)
def test_comments_of_a_gif_are_found_where_pillow_finds_them(before):
    """An empty block ends some blocks and not others."""
    comment = b"!\xfe\5hello\3abc\0"
    data = in_gif(before + comment + before)
    assert without_notes(data) == in_gif(b"" if before == b"!\xfe\0" else before * 2)
    with Image.open(BytesIO(data)) as told, Image.open(BytesIO(without_notes(data))) as untold:
        assert told.info["comment"].strip() == b"helloabc"
        assert "comment" not in untold.info
        assert told.tobytes() == untold.tobytes()


def test_a_jpeg_of_long_profiles_and_packets_is_read():
    packets = segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(65_000)) * 150
    assert load_image(in_jpeg(packets + segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(65_000)) * 100)).size == (60, 40)


def test_a_jpeg_padded_as_the_standard_allows_is_read():
    assert load_image(in_jpeg(b"\xff" * 100_000)).size == (60, 40)


def test_tables_are_counted_to_the_first_scan():
    check_scans(in_jpeg(segment(0xDB, b"\0" + b"\1" * 64) * (MOST_TABLES - 5)))
    with pytest.raises(TooLarge, match="tables"):
        check_scans(in_jpeg(segment(0xDB, b"\0" + b"\1" * 64) * (MOST_TABLES + 1)))
    with pytest.raises(TooLarge, match="tables"):  # Pillow goes on behind an end that comes before any scan
        check_scans(in_jpeg(b"\xff\xd9" + segment(0xDB, b"\0" + b"\1" * 64) * (MOST_TABLES + 1)))


@pytest.mark.parametrize("big", [False, True])
def test_tiffs_as_they_are_saved_are_read(big):
    buffer = BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x829A] = 0.01  # the exposure, a fraction
    picture(60, 40).save(buffer, "TIFF", big_tiff=big, exif=exif, dpi=(300, 300))
    assert load_image(buffer.getvalue()).size == (60, 40)


@pytest.mark.parametrize(
    "data", [b"II*\0", b"II+\0", b"MM\0*\0\0\0\x08", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff"]
)
def test_a_broken_tiff_is_left_to_the_loader(data):
    with pytest.raises(InvalidInput) as caught:
        load_image(data)
    assert not isinstance(caught.value, TooLarge)


def test_a_bmp_in_runs_is_read():
    assert load_image(bmp_in_runs(1000, 800, b"\xff\5\xff\5\xff\5\xeb\5\0\0" * 800)).size == (1000, 800)
