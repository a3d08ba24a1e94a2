"""Every format in every mode gives the RGB picture that a person would see."""

import numpy as np
import pytest
from PIL import Image
from support.pictures import FORMATS, LOSSY, encoded, mean_difference, picture

from content import load_image

TALL = picture(40, 60)


def grey_ramp(bits: int) -> np.ndarray:
    """(16, 16) integers from 0 to the greatest that `bits` hold."""
    return np.linspace(0, (1 << bits) - 1, 256).round().astype(np.uint32).reshape(16, 16)


@pytest.mark.parametrize("name", FORMATS)
def test_a_colour_picture_of_every_format(name):
    loaded = load_image(encoded(TALL, name))

    assert (loaded.mode, loaded.size) == ("RGB", (40, 60))
    if name == "GIF":
        assert np.array_equal(loaded, TALL.quantize().convert("RGB")) or mean_difference(loaded, TALL) < 12
    else:
        assert mean_difference(loaded, TALL) <= (6 if name in LOSSY else 0)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "BMP", "TIFF", "WEBP", "GIF", "AVIF", "HEIF"])
def test_a_grey_picture_of_every_format(name):
    grey = TALL.convert("L")

    loaded = load_image(encoded(grey, name))

    assert mean_difference(loaded, grey.convert("RGB")) <= (6 if name in LOSSY else 0)


@pytest.mark.parametrize("name", ["PNG", "BMP", "TIFF", "GIF"])
def test_one_bit(name):
    bits = TALL.convert("1")
    assert np.array_equal(load_image(encoded(bits, name)), bits.convert("RGB"))


@pytest.mark.parametrize("name", ["PNG", "BMP", "TIFF", "GIF"])
def test_palettes(name):
    drawn = TALL.quantize(16)
    assert np.array_equal(load_image(encoded(drawn, name)), drawn.convert("RGB"))


@pytest.mark.parametrize("name", ["JPEG", "TIFF"])
def test_cmyk(name):
    assert mean_difference(load_image(encoded(TALL.convert("CMYK"), name, **_lossless(name))), TALL) < 2


def _lossless(name):
    return {"quality": 100, "subsampling": 0} if name == "JPEG" else {}


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_tiff_compressions(compression):
    loaded = load_image(encoded(TALL, "TIFF", compression=compression))
    assert mean_difference(loaded, TALL) <= (6 if compression == "jpeg" else 0)


@pytest.mark.parametrize("compression", ["group3", "group4"])
def test_tiffs_of_fax_machines(compression):
    bits = TALL.convert("1")
    assert np.array_equal(load_image(encoded(bits, "TIFF", compression=compression)), bits.convert("RGB"))


def test_big_tiff():
    assert np.array_equal(load_image(encoded(TALL, "TIFF", big_tiff=True)), TALL)


def test_l_a_b_colours():
    from PIL import ImageCms

    lab = ImageCms.applyTransform(
        TALL,
        ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"),
    )
    assert mean_difference(load_image(encoded(lab, "TIFF")), TALL) < 3


def test_the_first_frame_of_an_animation():
    frames = [picture(20, 20, seed=seed) for seed in range(3)]
    for name, options in (("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {})):
        loaded = load_image(encoded(frames[0], name, save_all=True, append_images=frames[1:], duration=50, **options))
        differences = [mean_difference(loaded, frame) for frame in frames]
        assert differences[0] < 12, name
        assert differences[0] == min(differences), name


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_sixteen_bits_of_grey_are_scaled(name):
    values = grey_ramp(16)

    loaded = load_image(encoded(Image.fromarray(values.astype(np.uint16)), name))

    assert np.array_equal(np.asarray(loaded)[..., 0], np.rint(values / 257))


def test_sixteen_bits_a_channel(rgb16_png, rgb16_tiff):
    values = np.stack([grey_ramp(16), grey_ramp(16)[::-1], grey_ramp(16).T], axis=-1).astype(np.uint16)

    for data in (rgb16_png(values), rgb16_tiff(values)):
        loaded = np.asarray(load_image(data), dtype=int)
        assert np.abs(loaded - values / 257).max() <= 1  # Pillow keeps the upper byte
        assert loaded.max() == 255


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_grey_pngs_of_few_bits_use_the_whole_range(bits, grey_png):
    values = np.arange(1 << bits)[np.newaxis]

    loaded = load_image(grey_png(values, bits))

    assert np.asarray(loaded)[0, :, 0].tolist() == [round(v * 255 / ((1 << bits) - 1)) for v in values[0]]


def test_white_is_zero_in_a_tiff_of_sixteen_bits(tiff):
    values = grey_ramp(16)
    loaded = load_image(tiff(values.astype("<u2").tobytes(), (16, 16), bits=16, photometric=0))
    assert np.array_equal(np.asarray(loaded)[..., 0], 255 - np.rint(values / 257))


def test_twelve_bits_in_a_tiff(tiff):
    packed = bytes.fromhex("000800fff000")  # 0, 0x800, 0xfff, 0
    loaded = load_image(tiff(packed, (4, 1), bits=12))
    assert np.asarray(loaded)[0, :, 0].tolist() == [0, 128, 255, 0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([-1.0, 0.0, 1.0], [0, 128, 255]),
        ([np.nan, np.inf, 1.0], [0, 0, 255]),
        ([1e38, 2.1e38, 3e38], [0, 140, 255]),
        ([5e6, 5e6, 5e6], [0, 0, 0]),
    ],
)
def test_floats(values, expected):
    data = encoded(Image.fromarray(np.array([values], dtype=np.float32)), "TIFF")
    assert np.asarray(load_image(data))[0, :, 0].tolist() == expected


def test_integers_of_32_bits():
    data = encoded(Image.fromarray(np.array([[0, 32768, 65535]], dtype=np.int32)), "TIFF")
    assert np.asarray(load_image(data))[0, :, 0].tolist() == [0, 128, 255]
