"""The loader refuses what it must by its own errors, before it costs anything, and serves many threads."""

import contextlib
import io
import threading
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile
from support.hostile_files import huge_png
from support.pictures import FORMATS, encoded, picture

from content import ImageLimits, load_image
from content.errors import InvalidInput, NotAnImage, TooLarge, TooManyPixels, TruncatedImage
from content.images import decode, to_rgb

FILES = {name: encoded(picture(), name) for name in FORMATS}


def refusal(data, **options) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        load_image(data, **options)
    return caught.value


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_anywhere_is_refused_or_shows_the_whole_picture(name):
    data = FILES[name]
    whole = np.asarray(load_image(data))
    cuts = {
        *range(0, min(len(data), 120)),
        *np.linspace(0, len(data) - 1, 60).astype(int),
        *range(len(data) - 12, len(data)),
    }
    for cut in sorted(cuts):
        with contextlib.suppress(NotAnImage):
            assert np.array_equal(load_image(data[:cut]), whole), f"cut at {cut} of {len(data)} it gave half a picture"
            assert len(data) - cut < 30, "all pixels of so little"


@pytest.mark.parametrize("name", FORMATS)
def test_half_a_file_is_called_truncated(name):
    error = refusal(FILES[name][: len(FILES[name]) // 2], param="query.image")
    assert isinstance(error, TruncatedImage) or name in ("WEBP", "HEIF", "AVIF")  # their libraries do not say why
    assert error.param == "query.image"
    assert "cut short" in error.message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty (0 bytes)"),
        (b"just some text\n", "text"),
        ("只是文字".encode(), "text"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<svg/>", "an SVG drawing"),
        (b"\n<!DOCTYPE html><html>", "an HTML page"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (b"GIF89 and GIF90 are lines of a text", "text"),
        ("中".encode() * 341 + b"\xe4\xb8", "text"),
        (b"BM is how this text begins", "text"),
        (bytes(range(256)), "unknown format"),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(data, words):
    error = refusal(data, param="documents[2].image")
    assert type(error) is NotAnImage
    assert words in error.message
    assert "JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC and AVIF" in error.message
    assert error.param == "documents[2].image"


def test_formats_that_pillow_knows_and_we_do_not_read():
    for name in ("PPM", "ICO", "TGA", "PCX", "JPEG2000", "EPS"):
        assert type(refusal(encoded(picture(), name))) is NotAnImage


def test_too_many_bytes_are_refused_unread():
    error = refusal(b"\xff" * 1001, limits=ImageLimits(max_bytes=1000))
    assert isinstance(error, TooLarge)
    assert "1,001" in error.message
    assert "1,000" in error.message


def test_twenty_megabytes_are_the_limit():
    assert isinstance(refusal(b"\xff\xd8\xff" + bytes(20 * 1024 * 1024)), TooLarge)
    at_the_limit = FILES["JPEG"] + bytes(20 * 1024 * 1024 - len(FILES["JPEG"]))
    assert load_image(at_the_limit).size == load_image(FILES["JPEG"]).size
    assert "bytes" in refusal(at_the_limit + b"\0").message


def test_a_png_of_20000_by_20000_is_refused_without_decoding():
    data = huge_png()
    tracemalloc.start()
    try:
        error = refusal(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, TooLarge)
    assert "400,000,000 pixels (20,000 x 20,000)" in error.message
    assert "50,000,000" in error.message
    assert peak < 5_000_000


@pytest.mark.parametrize("size", [(20_000, 20_000), (12_000, 8_000), (7_072, 7_072)])
def test_sizes_in_headers_are_believed_before_any_decoder(size, bombs):
    for name, data in bombs(*size).items():
        error = refusal(data)
        if name == "AVIF" and size == (20_000, 20_000):  # above its library's own limit, which gives no size
            assert isinstance(error, NotAnImage)
        else:
            assert isinstance(error, TooLarge), name


def test_fifty_million_pixels_are_the_limit(bombs):
    found = bombs(5_000, 10_000)
    del found["AVIF"], found["WebP animation"]  # their libraries stretch the few pixels that are there
    for name, data in found.items():
        assert not isinstance(refusal(data), TooLarge), name  # they are refused for having no pixels in them


def test_a_tiff_of_one_huge_tile_is_refused(huge_tile):
    assert "60,000 x 60,000" in refusal(huge_tile).message


def test_pictures_without_pixels(png):
    assert type(refusal(png(0, 5, 8, 2, []))) is NotAnImage


def test_a_limit_above_that_of_pillow_is_the_one_that_counts(png):
    data = png(10_000, 9_500, 8, 0, [b""])
    assert type(refusal(data, limits=ImageLimits(max_pixels=95_000_000))) is TruncatedImage
    assert type(refusal(data, limits=ImageLimits(max_pixels=94_999_999))) is TooManyPixels


def test_a_picture_that_memory_has_no_room_for(monkeypatch):
    def open_image(*_args, **_options):
        raise MemoryError

    monkeypatch.setattr(Image, "open", open_image)
    error = refusal(FILES["PNG"], param="image")
    assert (type(error), error.param) == (TooLarge, "image")


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(FORMATS),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
    at_start=st.booleans(),
    cut=st.floats(0.2, 1),
)
def test_damaged_files_give_a_picture_or_our_error(name, changes, at_start, cut):
    data = bytearray(FILES[name])
    reach = min(len(data), 400) if at_start else len(data)
    for place, value in changes:
        data[int(place * (reach - 1))] = value
    with contextlib.suppress(InvalidInput):
        loaded = load_image(bytes(data[: int(len(data) * cut)]))
        assert loaded.mode == "RGB"
        assert loaded.width * loaded.height <= 50_000_000


@settings(max_examples=200, deadline=None, derandomize=True)
@given(name=st.sampled_from(FORMATS), tail=st.binary(max_size=300), kept=st.integers(0, 64))
def test_noise_behind_a_good_start(name, tail, kept):
    with contextlib.suppress(InvalidInput):
        assert load_image(FILES[name][:kept] + tail).mode == "RGB"


def test_many_threads_get_what_one_gets():
    expected = {name: np.asarray(load_image(data)) for name, data in FILES.items()}
    wrong = []

    def work(offset):
        for turn in range(40):
            name = FORMATS[(turn + offset) % len(FORMATS)]
            if not np.array_equal(load_image(FILES[name]), expected[name]):
                wrong.append(name)

    threads = [threading.Thread(target=work, args=(offset,)) for offset in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_neither_warnings_nor_truncation_are_switched_for_all():
    before = (list(warnings.filters), ImageFile.LOAD_TRUNCATED_IMAGES)
    for data in (*FILES.values(), *(data[:300] for data in FILES.values())):
        try:
            load_image(data)
        except InvalidInput:
            continue
    assert (list(warnings.filters), ImageFile.LOAD_TRUNCATED_IMAGES) == before


def test_metadata_does_not_stay_with_the_picture():
    data = encoded(picture(), "PNG", dpi=(72, 72), icc_profile=b"x" * 200)
    assert load_image(data).info == {}
    assert type(load_image(data)) is Image.Image


def test_decode_keeps_what_storing_needs():
    decoded = decode(FILES["JPEG"])
    assert (decoded.media_type, decoded.lossless) == ("image/jpeg", False)
    assert np.array_equal(load_image(decoded.data), decoded.image)


def test_to_rgb_refuses_what_cannot_be_read():
    data = encoded(picture(300, 300), "PNG")
    opened = Image.open(io.BytesIO(data[: len(data) // 2]))
    with pytest.raises(NotAnImage):
        to_rgb(opened)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "I", "I;16", "F"]
)
def test_to_rgb_takes_every_mode(mode):
    assert to_rgb(Image.new(mode, (3, 2))).mode == "RGB"
