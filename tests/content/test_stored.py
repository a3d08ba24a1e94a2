"""What is stored of a picture: small enough, showing the same, telling nothing else."""

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from support.pictures import encoded, mean_difference, picture

from content.images import decode, load_image
from content.stored import MAX_PIXELS, fit, stored_picture

SECRET = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0 here I live"


def stored(data: bytes) -> tuple[Image.Image, str, bytes]:
    kept, media_type = stored_picture(decode(data))
    return load_image(kept), media_type, kept


@pytest.mark.parametrize(
    ("name", "options", "media_type"),
    [
        ("JPEG", {}, "image/jpeg"),
        ("JPEG", {"progressive": True}, "image/jpeg"),
        ("PNG", {}, "image/png"),
        ("WEBP", {}, "image/webp"),
        ("WEBP", {"lossless": True}, "image/webp"),
    ],
)
def test_what_browsers_show_is_kept_as_it_is(name, options, media_type):
    data = encoded(picture(), name, **options)
    image, kept_type, kept = stored(data)
    assert (kept, kept_type) == (data, media_type)
    assert np.array_equal(image, load_image(data))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_metadata_is_not_stored(name):
    plain = encoded(picture(), name)
    data = encoded(picture(), name, exif=SECRET, icc_profile=b"secret profile" * 20)
    assert b"here I live" in data

    image, _, kept = stored(data)

    assert b"here I live" not in kept
    assert b"secret profile" not in kept
    assert mean_difference(image, load_image(plain)) < 2


def test_comments_and_text_are_not_stored():
    text = PngInfo()
    text.add_text("Author", "here I live")
    for data in (encoded(picture(), "JPEG", comment=b"here I live"), encoded(picture(), "PNG", pnginfo=text)):
        assert b"here I live" in data
        assert b"here I live" not in stored(data)[2]


@pytest.mark.parametrize("name", ["GIF", "BMP", "TIFF"])
def test_drawings_become_png_without_loss(name):
    drawing = picture().quantize(16).convert("RGB") if name != "GIF" else picture().quantize(16)
    data = encoded(drawing, name)
    image, media_type, _ = stored(data)
    assert media_type == "image/png"
    assert np.array_equal(image, load_image(data))


@pytest.mark.parametrize("name", ["HEIF", "AVIF", "BMP", "TIFF"])
def test_photos_become_good_jpegs(name):
    data = encoded(picture(200, 100), name)
    image, media_type, kept = stored(data)
    assert media_type == "image/jpeg"
    assert mean_difference(image, load_image(data)) < 2
    assert kept.startswith(b"\xff\xd8")


def test_what_is_turned_clear_or_cmyk_is_encoded_as_it_looks():
    turned = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    clear = picture().convert("RGBA")
    clear.putalpha(100)
    for data in (
        encoded(picture(), "JPEG", exif=turned),
        encoded(clear, "PNG"),
        encoded(clear, "WEBP"),
        encoded(picture().convert("CMYK"), "JPEG"),
        encoded(picture(), "WEBP", save_all=True, append_images=[picture(seed=1)]),
    ):
        image, media_type, kept = stored(data)
        assert kept != data
        assert media_type == "image/jpeg"
        assert image.size == load_image(data).size
        assert mean_difference(image, load_image(data)) < 3


def test_an_animated_png_becomes_a_still_picture():
    data = encoded(picture(), "PNG", save_all=True, append_images=[picture(seed=1)])
    image, media_type, kept = stored(data)
    assert media_type == "image/jpeg"
    assert b"acTL" not in kept
    assert mean_difference(image, picture()) < 2


def test_large_pictures_are_scaled_down():
    image = picture(2000, 1500)
    small, media_type, _ = stored(encoded(image, "PNG"))
    assert media_type == "image/jpeg"
    assert small.width * small.height <= MAX_PIXELS
    assert small.width / small.height == pytest.approx(4 / 3, rel=0.01)
    assert mean_difference(small, image.resize(small.size, Image.Resampling.LANCZOS)) < 2


@pytest.mark.parametrize("size", [(1, 5_000_000), (5_000_000, 1), (3000, 7), (1200, 1200), (65_535, 700), (1, 1)])
def test_fit_keeps_within_the_bound(size):
    width, height = fit(size, MAX_PIXELS)
    assert width >= 1
    assert height >= 1
    assert width * height <= MAX_PIXELS
    assert (width <= height) == (size[0] <= size[1])


def test_what_fits_is_not_scaled():
    assert fit((1280, 784), 1280 * 784) == (1280, 784)
    assert fit((1281, 784), 1280 * 784) != (1281, 784)


def test_a_film_behind_a_jpeg_is_not_stored():
    data = encoded(picture(), "JPEG") + b"\0\0\0\x18ftypmp42" + b"film" * 50_000
    image, _, kept = stored(data)
    assert b"filmfilm" not in kept
    assert mean_difference(image, load_image(data)) < 3


def test_ballast_is_not_stored():
    data = encoded(picture(), "JPEG")
    quantisation = b"\xff\xe0" + (60_000).to_bytes(2) + bytes(59_998)  # application data that is kept for decoding
    _, _, kept = stored(data[:2] + quantisation * 20 + data[2:])
    assert len(kept) < 100_000


def test_rendered_pages_become_png_and_rendered_photos_jpeg():
    page = Image.new("RGB", (300, 400), "white")
    page.paste((20, 20, 20), (50, 50, 250, 60))
    assert stored_picture(page)[1] == "image/png"
    assert stored_picture(picture(300, 400))[1] == "image/jpeg"
