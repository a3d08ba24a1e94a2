"""`lychee bench encode`: what encoding and building cost beside the bare open_clip forward, and how much memory a build
takes. Knows no terminal."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Final, Literal, TypeVar

import numpy as np
import open_clip
import torch
from PIL import Image

from content.errors import InvalidInput
from evaluation.bench.peak import resident_peak
from indexer.build import build
from indexer.collection import Collection
from indexer.encoder import Dtype, OpenClipEncoder
from indexer.protocols import Vectors
from indexer.record import Entry, Record, Refusal, digest
from indexer.sources import open_source

T = TypeVar("T")
What = Literal["encode", "build", "memory"]
_WHATS: Final[tuple[What, ...]] = ("encode", "build", "memory")
DEMO: Final = Path(__file__).parents[2] / "demo" / "models" / "encoder"


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured. architecture: an open_clip model with random weights, which is as fast as a trained one;
    encoder: a name as everywhere else, for where there is none. picture: (width, height) of each."""

    what: What
    encoder: str
    architecture: str | None
    device: str
    dtype: Dtype
    threads: int
    batch: int
    images: int
    rounds: int
    picture: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of wall time and of processor time, of all threads; the second means more on a busy machine."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Parts:
    """One model, once as open_clip gives it and once as this project wraps it."""

    model: torch.nn.Module
    preprocess: Callable[[Image.Image], torch.Tensor]
    encoder: OpenClipEncoder


def measure(options: Options) -> dict[str, object]:
    """Figures by their names; speed in pictures per second, memory in MB."""
    torch.set_num_threads(options.threads)
    measures = {"encode": _encode, "build": _build, "memory": _memory}
    return measures[options.what](options)


def what_named(name: str) -> What:
    """Raises InvalidInput for what cannot be measured."""
    for what in _WHATS:
        if what == name:
            return what
    raise InvalidInput(f"{name!r} is none of {', '.join(_WHATS)}", param="WHAT")


def size_named(text: str) -> tuple[int, int]:
    """`320x240` -> (320, 240). Raises InvalidInput for anything else."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise InvalidInput(f"--picture is WIDTHxHEIGHT such as 320x240, not {text!r}", param="--picture")
    return int(width), int(height)


def _encode(options: Options) -> dict[str, object]:
    """Our encoder against the bare forward on the same decoded pictures, by turns: both meet the same machine."""
    parts = _parts(options)
    images = [_picture(options.picture, seed) for seed in range(options.images)]
    bare: list[Spent] = []
    ours: list[Spent] = []
    worst = 0.0
    for _ in range(options.rounds + 1):
        plain, spent = _timed(partial(_bare_forward, parts, images, options))
        bare.append(spent)
        vectors, spent = _timed(partial(parts.encoder.encode_images, images))
        ours.append(spent)
        worst = max(worst, float(np.abs(vectors - plain).max()))
    return _compared(options.images, bare[1:], ours[1:]) | {"largest_difference": worst}  # the first round warms up


def _build(options: Options) -> dict[str, object]:
    """The whole build, from files to a saved collection, against the bare forward on the same pictures, decoded."""
    parts = _parts(options)
    images = [_picture(options.picture, seed) for seed in range(options.images)]
    bare: list[Spent] = []
    ours: list[Spent] = []
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        files.mkdir()
        for number, image in enumerate(images):
            image.save(files / f"{number:06}.jpg", quality=90)
        for turn in range(options.rounds + 1):
            bare.append(_timed(partial(_bare_forward, parts, images, options))[1])
            with Collection.create(Path(folder) / f"collection {turn}", parts.encoder) as collection:
                report, spent = _timed(partial(build, collection, parts.encoder, open_source(files)))
            assert report.indexed == options.images
            ours.append(spent)
    return _compared(options.images, bare[1:], ours[1:])


def _memory(options: Options) -> dict[str, object]:
    """Peak memory of the process over a whole build, less the vectors; the models, torch and Python are part of it."""
    parts = _parts(options)
    parts.encoder.encode_images([_picture((64, 64), 0)])
    before, source = resident_peak(), _Synthetic(options.images, options.picture)
    with tempfile.TemporaryDirectory() as folder:
        with Collection.create(Path(folder) / "collection", parts.encoder) as collection:
            report = build(collection, parts.encoder, source)
            vectors = 4 * collection.dimension * (collection.count("image") + collection.count("text"))
        on_disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    peak = resident_peak()
    return {
        "items": report.indexed,
        "seconds": round(report.seconds, 1),
        "items_per_s": round(report.indexed / report.seconds, 1),
        "before_mb": _mb(before),
        "peak_mb": _mb(peak),
        "vectors_mb": _mb(vectors),
        "peak_less_vectors_mb": _mb(peak - vectors),
        "on_disk_mb": _mb(on_disk),
    }


class _Synthetic:
    """Items with a picture and a text; the pictures, made before, are few and come round again."""

    def __init__(self, size: int, picture: tuple[int, int]) -> None:
        self._size = size
        self._files = [_jpeg(_picture(picture, seed)) for seed in range(8)]

    def count(self) -> int | None:
        return self._size

    def entries(self) -> Iterator[Entry | Refusal]:
        return (Entry(f"item {number}", partial(self._read, number)) for number in range(self._size))

    def _read(self, number: int) -> Record:
        text, image = f"synthetic item number {number}", self._files[number % len(self._files)]
        return Record(f"{number:09}", text, image, digest(text, image, {}))


def _parts(options: Options) -> Parts:
    if options.architecture is None:
        encoder = OpenClipEncoder.from_pretrained(
            options.encoder, device=options.device, dtype=options.dtype, batch_size=options.batch
        )
        return Parts(encoder._model, encoder._preprocess, encoder)
    model, _, preprocess = open_clip.create_model_and_transforms(options.architecture, device=options.device)
    encoder = OpenClipEncoder(
        model,
        preprocess,
        open_clip.SimpleTokenizer(),  # any will do: pictures are what is measured
        name=options.architecture,
        fingerprint="random",
        device=options.device,
        dtype=torch.bfloat16 if options.dtype == "bf16" else torch.float32,
        batch_size=options.batch,
    )
    return Parts(model, preprocess, encoder)


def _bare_forward(parts: Parts, images: list[Image.Image], options: Options) -> Vectors:
    rows = []
    weight = next(parts.model.parameters())
    with torch.inference_mode():
        for start in range(0, len(images), options.batch):
            pixels = torch.stack([parts.preprocess(image) for image in images[start : start + options.batch]])
            features = parts.model.encode_image(pixels.to(weight.device, weight.dtype), normalize=True)  # type: ignore[operator]
            rows.append(features.float().cpu().numpy())
    return np.concatenate(rows)


def _picture(size: tuple[int, int], seed: int) -> Image.Image:
    """Coarse coloured noise: as hard to decode as a photograph, and different for every seed."""
    noise = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)


def _jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def _timed(work: Callable[[], T]) -> tuple[T, Spent]:
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, Spent(time.perf_counter() - wall, time.process_time() - processor)


def _compared(count: int, bare: list[Spent], ours: list[Spent]) -> dict[str, object]:
    wall = [median(one.wall for one in side) for side in (bare, ours)]
    processor = [median(one.processor for one in side) for side in (bare, ours)]
    return {
        "bare_images_per_s": round(count / wall[0], 1),
        "ours_images_per_s": round(count / wall[1], 1),
        "ratio": round(wall[0] / wall[1], 3),
        "processor_ratio": round(processor[0] / processor[1], 3),
    }


def _mb(count: int) -> float:
    return round(count / 1e6, 1)
