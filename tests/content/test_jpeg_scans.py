"""A JPEG of a few bytes a scan must not be decoded a thousand times over; every JPEG that somebody saved is read."""

import struct
import time

import pytest
from support.pictures import encoded, picture

from content import load_image
from content.errors import TooLarge
from content.jpeg_scans import MOST_SCANS, MOST_SEGMENTS, check_scans


def progressive(scans, *, width=2000, height=2000, comments=0):
    """A grey picture whose scans after the first say in some bytes that nothing changes."""
    blocks = -(-width // 8) * -(-height // 8)
    runs = "".join(["0" + "1" * 14] * -(-blocks // 32767))  # EOBRUN: 32,767 blocks of zeros
    bits = runs + "1" * (-len(runs) % 8)
    nothing = bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8)).replace(b"\xff", b"\xff\0")
    one_code = bytes([1, *[0] * 15])
    first = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0\0\0\0" + bytes(-(-blocks // 8))
    further = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0\1\x3f\0" + nothing
    return (
        b"\xff\xd8" + b"\xff\xfe\0\2" * comments
        + b"\xff\xdb" + struct.pack(">HB", 67, 0) + b"\1" * 64
        + b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
        + b"\xff\xc4" + struct.pack(">HB", 20, 0x00) + one_code + b"\0"
        + b"\xff\xc4" + struct.pack(">HB", 20, 0x10) + one_code + b"\xe0"
        + first + further * (scans - 1) + b"\xff\xd9"
    )  # fmt: skip


def test_as_many_scans_as_are_allowed_are_read():
    assert load_image(progressive(MOST_SCANS, width=64, height=64)).size == (64, 64)


def test_one_scan_more_is_refused_by_name():
    with pytest.raises(TooLarge, match="more than 100 scans") as caught:
        load_image(progressive(MOST_SCANS + 1, width=64, height=64), param="query.image")
    assert caught.value.param == "query.image"


def test_a_megabyte_of_scans_costs_no_time():
    data = progressive(60_000)  # half a minute where they are decoded
    begin = time.perf_counter()
    with pytest.raises(TooLarge):
        load_image(data)
    assert time.perf_counter() - begin < 1


def test_empty_comments_without_number_are_refused():
    with pytest.raises(TooLarge, match="segments"):
        load_image(progressive(1, width=64, height=64, comments=MOST_SEGMENTS))


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}, {"comment": b"\xff\xda" * 9000}]
)
def test_jpegs_as_they_are_saved_are_read(options):
    data = encoded(picture(300, 200), "JPEG", **options)
    assert load_image(data).size == (300, 200)


@pytest.mark.parametrize("end", [b"\xff\xda" * 500, b"\xff\xd8\xff\xe0" + b"\xff\xda\0\2" * 500])
def test_what_stands_behind_the_end_is_not_counted(end):
    """Telephones put films there, in which any bytes stand."""
    check_scans(encoded(picture(), "JPEG") + end)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"\x89PNG\r\n\x1a\n" + b"\xff\xda\0\2" * 500]
)
def test_what_is_no_jpeg_or_ends_at_once_is_left_to_the_loader(data):
    check_scans(data)
