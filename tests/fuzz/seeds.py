"""What fuzzing starts from: valid pictures of every format and kind that the loader reads, and bodies of requests.
Knows nothing of what is done to them."""

import base64
import io
import json
from functools import cache

import numpy as np
from PIL import Image, ImageSequence
from PIL.PngImagePlugin import PngInfo
from support.pictures import FORMATS, encoded, picture

_SIZE = (40, 28)
_XMP = b'<rdf:Description tiff:Orientation="8"/>'


@cache
def pictures() -> tuple[bytes, ...]:
    """Small ones, so that many mutations hit what matters."""
    image = picture(*_SIZE)
    return (
        *(encoded(image, name) for name in FORMATS),
        *_jpegs(image),
        *_pngs(image),
        *_tiffs(image),
        *_animations(image),
        *(encoded(image.convert(mode), "BMP") for mode in ("1", "L", "P")),
        *(encoded(image.convert("RGBA"), name) for name in ("WEBP", "HEIF", "AVIF", "BMP")),
        encoded(image, "WEBP", lossless=True),
        encoded(image.convert("P"), "GIF", transparency=3, interlace=1, comment=b"a comment " * 60, loop=0),
        *(encoded(image, name, exif=_exif(5), xmp=_XMP) for name in ("JPEG", "WEBP", "AVIF", "HEIF")),
    )


@cache
def contents() -> tuple[bytes, ...]:
    """Pictures as JSON carries them: data URIs, base64 of both alphabets, with line breaks, and URLs."""
    small = [data for data in pictures() if len(data) < 1500]
    coded = [base64.b64encode(data) for data in small]
    return (
        *(b"data:image/png;base64," + each for each in coded),
        *coded[:8],
        base64.urlsafe_b64encode(small[0]),
        base64.encodebytes(small[1]),
        b"data:,%89PNG%0D%0A%1A%0A" + b"%00" * 30,
        b"data:image/svg+xml;charset=utf-8," + b"%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
        b"https://example.org/a%20b.png?x=1#y",
        b"file:///etc/passwd",
        "荔枝 \U0001f352 a red mug".encode(),
    )


@cache
def bodies() -> tuple[bytes, ...]:
    uri = "data:image/png;base64," + base64.b64encode(encoded(picture(6, 4), "PNG")).decode()
    mixed = {"text": "荔枝", "image": uri}
    return tuple(
        json.dumps(body, ensure_ascii=False).encode()
        for body in (
            {"query": mixed, "candidates": 50, "top_k": 3, "filter": {"price": {"$lt": 500}}, "channels": {"words": 2}},
            {"query": "red", "target": "image", "scale": 10, "normalize": "minmax", "score_threshold": 0.5},
            {"items": [{"id": "a/1", **mixed, "metadata": {"price": 12.5, "tags": ["x", None, True]}}, {"text": "b"}]},
            {"query": "a red mug", "documents": ["A red mug.", {"text": "b"}, mixed], "top_n": 2},
            {"query": mixed, "documents": [{"id": "a/1", "collection": "demo"}], "return_documents": True},
            {"query": "q", "texts": ["a", "b"], "truncate": True, "raw_scores": False},
            {"instruction": "find", "query": mixed, "documents": [mixed], "top_k": 1, "scale": 10},
            {"text_1": "a", "text_2": ["b", "c"]},
            {"query": {"content": [{"type": "image_url", "image_url": {"url": uri}}]}, "documents": {"content": []}},
            {"input": ["a", {"image": uri}], "model": "clip", "encoding_format": "base64", "dimensions": 8},
            {"data": ["find", "query", ["a", "b"]]},
        )
    )


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x011A] = orientation, "荔枝", 72.0
    exif.get_ifd(0x8769)[0x829A] = 0.01
    return exif.tobytes()


def _jpegs(image: Image.Image) -> list[bytes]:
    return [
        encoded(image.convert("L"), "JPEG"),
        encoded(image.convert("CMYK"), "JPEG"),
        encoded(image, "JPEG", progressive=True, exif=_exif(6), comment=b"a comment", dpi=(72, 72)),
        encoded(image, "JPEG", restart_marker_blocks=2, optimize=True, subsampling=0),
    ]


def _pngs(image: Image.Image) -> list[bytes]:
    notes = PngInfo()
    notes.add_text("Title", "荔枝", zip=True)
    notes.add_itxt("Comment", "一", "zh", "备注", zip=True)
    deep = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    return [
        *(encoded(image.convert(mode), "PNG") for mode in ("1", "L", "P", "RGBA", "LA")),
        encoded(deep, "PNG"),
        encoded(image.convert("P"), "PNG", transparency=b"\0\x80\xff", bits=4),
        encoded(image, "PNG", transparency=(1, 2, 3)),
        encoded(image, "PNG", pnginfo=notes, exif=_exif(3), icc_profile=b"profile" * 20),
    ]


def _tiffs(image: Image.Image) -> list[bytes]:
    deep = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    return [
        *(encoded(image, "TIFF", compression=each) for each in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")),
        *(encoded(image.convert("1"), "TIFF", compression=each) for each in ("group3", "group4", "tiff_ccitt")),
        *(encoded(each, "TIFF") for each in (deep, image.convert("CMYK"), image.convert("RGBA"), image.convert("P"))),
        encoded(image, "TIFF", big_tiff=True),
        encoded(image.convert("F"), "TIFF"),
    ]


def _animations(image: Image.Image) -> list[bytes]:
    frames = [image.rotate(angle) for angle in (0, 90, 180)]
    made = []
    for name in ("GIF", "WEBP", "PNG", "TIFF", "AVIF", "MPO"):
        buffer = io.BytesIO()
        frames[0].save(buffer, name, save_all=True, append_images=frames[1:], duration=50)
        made.append(buffer.getvalue())
    assert all(len(list(ImageSequence.Iterator(Image.open(io.BytesIO(each))))) == 3 for each in made)
    return made
