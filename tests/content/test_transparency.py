"""Transparency is laid on white, however a format says what is transparent."""

import numpy as np
import pytest
from PIL import Image
from support.pictures import encoded, picture

from content import load_image

WHITE, RED = (255, 255, 255), (200, 0, 0)


def half_clear() -> Image.Image:
    """Red, with alpha 0, 128 and 255 from left to right."""
    image = Image.new("RGBA", (3, 2), (*RED, 255))
    for y in range(2):
        image.putpixel((0, y), (*RED, 0))
        image.putpixel((1, y), (*RED, 128))
    return image


@pytest.mark.parametrize(
    ("name", "options"),
    [("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True}), ("AVIF", {"quality": 100}), ("HEIF", {"quality": -1})],
)
def test_alpha(name, options):
    image = half_clear().resize((96, 64), Image.Resampling.NEAREST)

    loaded = np.asarray(load_image(encoded(image, name, **options)), dtype=int)

    for x, expected in ((10, WHITE), (48, (227, 127, 127)), (90, RED)):
        assert np.abs(loaded[32, x] - expected).max() <= (0 if name in ("PNG", "TIFF", "WEBP") else 8)


def test_alpha_of_grey():
    image = Image.new("LA", (2, 1), (0, 255))
    image.putpixel((0, 0), (0, 0))
    assert np.asarray(load_image(encoded(image, "PNG")))[0, :, 0].tolist() == [255, 0]


@pytest.mark.parametrize("name", ["PNG", "GIF"])
def test_a_clear_colour_of_a_palette(name):
    image = Image.new("P", (2, 1))
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 0), 1)

    loaded = load_image(encoded(image, name, transparency=0))

    assert [loaded.getpixel((x, 0)) for x in (0, 1)] == [WHITE, (0, 0, 200)]


def test_a_palette_with_alpha():
    image = Image.new("P", (3, 1))
    image.putpalette([*RED, *RED, *RED])
    for x in range(3):
        image.putpixel((x, 0), x)

    loaded = load_image(encoded(image, "PNG", transparency=bytes([0, 128, 255])))

    assert [loaded.getpixel((x, 0)) for x in range(3)] == [WHITE, (227, 127, 127), RED]


def test_a_clear_colour_of_rgb():
    image = Image.new("RGB", (2, 1), RED)
    image.putpixel((1, 0), (0, 0, 200))

    loaded = load_image(encoded(image, "PNG", transparency=RED))

    assert [loaded.getpixel((x, 0)) for x in (0, 1)] == [WHITE, (0, 0, 200)]


@pytest.mark.parametrize(
    ("bits", "values", "clear"), [(1, (0, 1), 0), (2, (0, 2), 2), (4, (15, 3), 15), (8, (9, 7), 9)]
)
def test_a_clear_grey_is_given_in_the_depth_of_the_file(bits, values, clear, grey_png):
    loaded = load_image(grey_png([values], bits, clear))

    expected = [255 if value == clear else round(value * 255 / ((1 << bits) - 1)) for value in values]
    assert np.asarray(loaded)[0, :, 0].tolist() == expected


def test_a_clear_grey_of_sixteen_bits_is_met_exactly(grey_png):
    loaded = load_image(grey_png([[1000, 1001]], 16, 1000))
    assert np.asarray(loaded)[0, :, 0].tolist() == [255, 4]


def test_a_clear_colour_of_sixteen_bits_a_channel(rgb16_png):
    values = np.array([[[0x1234, 0, 0], [0xFF00, 0, 0]]], dtype=np.uint16)
    loaded = load_image(rgb16_png(values, (0x1234, 0, 0)))
    assert [loaded.getpixel((x, 0)) for x in (0, 1)] == [WHITE, (255, 0, 0)]


def test_an_opaque_alpha_changes_nothing():
    image = picture()
    assert np.array_equal(load_image(encoded(image.convert("RGBA"), "PNG")), image)
