"""Reads text with RapidOCR: PP-OCR's models for Chinese and English, run by ONNX Runtime. Needs no network, ever: the
models come in RapidOCR's wheel, and are named by their files, so that it never looks for others."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from PIL import Image

from content.errors import ModelError
from indexer.ocr.bands import Band, bands
from indexer.ocr.lines import Piece, in_reading_order

if TYPE_CHECKING:
    from rapidocr import RapidOCR

_MODELS: Final = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",  # whether a line stands on its head
    "Rec": "PP-OCRv6_rec_small.onnx",
}
# Measured on 48 pictures with small, blurred or noisy text and 38 without any: from 0.7 to 0.8 no line is lost that was
# read right, and nothing is seen where nothing stands; below come random letters.
_LEAST_CONFIDENCE: Final = 0.75
# Of the frames around lines, by how much they are wider than the letters' cores. With RapidOCR's own 1.6 the ends of
# short lines are cut, names of two characters above all.
_FRAME: Final = 2.0
# RapidOCR's own 0.9 now and then turns a line round that stands right, and it is lost.
_TURN_CONFIDENCE: Final = 0.99
_MOST_THREADS: Final = 8  # each takes up to about 400 MB while it reads


class RapidReader:
    """A `TextReader`. One picture takes one thread a quarter of a second, and a second where it is full of text."""

    def __init__(self, engine: "RapidOCR", threads: int) -> None:
        self._engine = engine  # keeps nothing of one call for the next: several threads may share it
        self._free = BoundedSemaphore(threads)

    @classmethod
    def load(cls, threads: int | None = None) -> Self:
        """threads: how many pictures may be read at a time, each on one processor; None leaves one processor for the
        encoder. Raises ModelError when RapidOCR or its models are missing or do not run."""
        try:
            import onnxruntime  # noqa: F401 - RapidOCR says only later, and otherwise, that it is not there
            import rapidocr
        except ImportError as error:
            raise ModelError(
                f"reading the text in pictures needs RapidOCR and ONNX Runtime, and {error.name or error} is missing; "
                "install them: pip install rapidocr onnxruntime"
            ) from error
        models = Path(rapidocr.__file__).parent / "models"
        missing = [name for name in _MODELS.values() if not (models / name).is_file()]
        if missing:
            raise ModelError(
                f"this version of rapidocr comes without the model {missing[0]}; "
                "install the one that constraints.txt names: pip install --constraint constraints.txt rapidocr"
            )
        try:
            engine = rapidocr.RapidOCR(params=_options(models))
            engine(np.zeros((64, 64, 3), np.uint8))  # it loads its models now
        except Exception as error:
            raise ModelError(f"RapidOCR does not run here: {_last_line(error)}") from error
        return cls(engine, threads or min(_MOST_THREADS, max(1, (os.cpu_count() or 2) - 1)))

    def read(self, images: Sequence[Image.Image]) -> list[str]:
        """See `TextReader`. Lines that the model is not sure of are left out, and those without letter or digit."""
        return [self._read(image) for image in images]

    def _read(self, image: Image.Image) -> str:
        return in_reading_order([piece for band in bands(image) for piece in self._pieces(band)])

    def _pieces(self, band: Band) -> Iterator[Piece]:
        try:
            with self._free:
                found = self._engine(band.pixels)
        except Exception as error:  # as in `load`
            raise ModelError(f"RapidOCR fails on this picture: {_last_line(error)}") from error
        texts, boxes = getattr(found, "txts", None), getattr(found, "boxes", None)
        if texts is None or boxes is None:  # where it sees nothing it answers with results of other kinds
            return
        for text, box in zip(texts, boxes, strict=True):
            corners = [band.in_picture(float(x), float(y)) for x, y in box]
            middle = sum(y for _, y in corners) / len(corners)
            if band.owns(middle) and any(character.isalnum() for character in text):
                yield Piece(text.strip(), corners)


def _options(models: Path) -> dict[str, object]:
    options: dict[str, object] = {f"{task}.model_path": str(models / name) for task, name in _MODELS.items()}
    return options | {
        "Global.log_level": "critical",
        "Global.text_score": _LEAST_CONFIDENCE,
        "Det.unclip_ratio": _FRAME,
        "Cls.cls_thresh": _TURN_CONFIDENCE,
        # Sizes are chosen in `bands`: RapidOCR's own choice fails on long narrow pictures, or takes gigabytes.
        "Global.use_preprocess_img": False,
        "Global.use_vertical_padding": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": 1_000_000,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def _last_line(error: Exception) -> str:
    """ONNX Runtime's errors arrive as whole tracebacks."""
    return (str(error).strip() or type(error).__name__).splitlines()[-1]
