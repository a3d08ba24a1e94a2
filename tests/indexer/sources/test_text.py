"""Texts in the encodings that people have them in."""

import os
import random

import pytest

from content.errors import InvalidInput
from indexer.sources import open_source
from indexer.sources.text import MAX_TEXT_BYTES, decode_text

TEXT = "Red 杯子 café 🍒\nsecond line"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_encodings(data):
    assert decode_text(data) == TEXT


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\t",
        b"\xef\xbb\xbf",
        b"text with\0a NUL",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        bytes(range(256)),
        b"\xff\xfea",
        b"caf\xe9",  # Latin-1: a guess would be wrong as often as right
        b"\x01\x02\x03 control characters",
    ],
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(InvalidInput):
        decode_text(data)


def test_noise_is_refused():
    noise = random.Random(0)
    for length in (200, 5000):
        for _ in range(50):
            with pytest.raises(InvalidInput):
                decode_text(noise.randbytes(length))


def test_long_texts_are_refused_unread(tmp_path, read_all):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a")
    os.truncate(path, MAX_TEXT_BYTES + 1)
    _, refused = read_all(open_source(path))
    assert "4,194,304" in refused["a.txt"]
