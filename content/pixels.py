"""How a picture of any mode becomes 8-bit RGB: depth, transparency, rotation. Knows nothing of files or formats."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

# EXIF 2.32, 4.6.4 A, tag Orientation: what has to be done to a picture so that it stands upright.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """orientation: the EXIF value, 1-8; any other value says nothing, and nothing is turned."""
    method = _UPRIGHT.get(orientation)
    return image if method is None else image.transpose(method)


def flatten(image: Image.Image) -> Image.Image:
    """Any mode to RGB, 8 bits a channel: deep pictures are scaled, transparency is laid on white.

    Colour profiles are not applied: the models were trained on pictures read without them.
    """
    if image.mode.startswith("I;16"):
        return _on_white(_from_16_bit(image), _mask_of_16_bit(image))
    if image.mode in ("I", "F"):
        return Image.fromarray(_to_8_bit(np.asarray(image, dtype=np.float64))).convert("RGB")
    if image.mode == "LAB":
        return _from_lab(image)
    if image.has_transparency_data:
        # premultiplied grey (La) has no direct way to RGBA
        rgba = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
        return _on_white(rgba.convert("RGB"), rgba.getchannel("A"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _on_white(rgb: Image.Image, mask: Image.Image | None) -> Image.Image:
    if mask is None:
        return rgb
    white = Image.new("RGB", rgb.size, (255, 255, 255))
    white.paste(rgb, mask=mask)
    return white


def _from_16_bit(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.uint32)  # (h, w)
    values += 128
    values //= 257  # round(v / 257): 65535 becomes 255
    return Image.fromarray(values.astype(np.uint8)).convert("RGB")


def _mask_of_16_bit(image: Image.Image) -> Image.Image | None:
    clear = image.info.get("transparency")
    if not isinstance(clear, int):
        return None
    return Image.fromarray(np.where(np.asarray(image) == clear, 0, 255).astype(np.uint8))


def _to_8_bit(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Integers of 32 bits and floats do not say their range, so it is told from their values, (h, w).

    Values within 0..1, 0..255 or 0..65535 are read on that scale; all others are stretched from the least to the
    greatest. What is not a finite number is black.
    """
    values = np.where(np.isfinite(values), values, 0.0)
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > 65535:
        values, scale = values - low, (high - low) or 1.0
    else:
        scale = next(full for full in (1.0, 255.0, 65535.0) if high <= full)
    return np.rint(values * (255.0 / scale)).astype(np.uint8)


def _from_lab(image: Image.Image) -> Image.Image:
    """CIE L*a*b* (of some TIFFs), which Pillow converts only by way of colour profiles."""
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, inMode="LAB", outMode="RGB"))
    assert converted is not None  # it is None only for a conversion in place
    return converted
