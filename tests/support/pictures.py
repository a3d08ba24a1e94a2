"""Pictures for tests, made on the spot: smooth random colours, and their bytes in any format."""

import io

import numpy as np
import pillow_heif
from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
EXTENSIONS = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "BMP": ".bmp",
    "TIFF": ".tiff",
    "HEIF": ".heic",
    "AVIF": ".avif",
}
LOSSY = frozenset({"JPEG", "WEBP", "HEIF", "AVIF"})


def picture(width: int = 48, height: int = 32, seed: int = 0) -> Image.Image:
    """RGB, without two equal corners, so that every rotation of it differs."""
    small = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    if name == "HEIF":  # not by `Image.save`, for which it would have to be registered in Pillow
        pillow_heif.from_pillow(image).save(buffer, **options)
    else:
        image.save(buffer, name, **options)
    return buffer.getvalue()


def mean_difference(first: Image.Image, second: Image.Image) -> float:
    """Over all samples, 0 to 255."""
    return float(np.abs(np.asarray(first, dtype=np.int16) - np.asarray(second, dtype=np.int16)).mean())
