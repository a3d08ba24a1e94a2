"""The encoder of stage 1: any open_clip model. Knows open_clip, and nothing of items or collections."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from typing import Final, Literal, Self, TypeVar

import numpy as np
import open_clip
import torch
from PIL import Image
from torch.nn import functional

from content.errors import ModelError
from indexer.beginnings import tokens_of_beginnings
from indexer.encoder_names import reason, resolved, wants_quick_gelu
from indexer.fingerprint import fingerprint_of
from indexer.padding import Padding
from indexer.protocols import Vectors
from indexer.quiet import quiet

Preprocess = Callable[[Image.Image], torch.Tensor]
Tokenizer = Callable[[list[str]], torch.Tensor]
Thing = TypeVar("Thing")
Dtype = Literal["auto", "fp32", "bf16"]

_PREPROCESSING_THREADS: Final = 4
_BATCHES_AHEAD: Final = 2
# A preprocessing that scales the short side to 256 would blow a 1 x 50,000 picture up to 256 x 12,800,000.
_LONGEST_SIDES: Final = 16
_log = logging.getLogger(__name__)


class OpenClipEncoder:
    """Texts and pictures to unit vectors by one open_clip model; safe to use from several threads.

    model: with `encode_image`, `encode_text`, both (n, ...) -> (n, d). preprocess: picture -> (3, h, w) float32.
    tokenizer: texts -> (n, t) int64, padded and cut to its context length t.
    """

    def __init__(
        self,
        model: torch.nn.Module,
        preprocess: Preprocess,
        tokenizer: Tokenizer,
        *,
        name: str,
        fingerprint: str,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
        batch_size: int = 32,
    ) -> None:
        self._model = model.eval().requires_grad_(False).to(device=device, dtype=dtype)
        self._preprocess = preprocess
        self._tokenizer = tokenizer
        # Fast tokenizers keep padding and truncation as state and fail when two threads set it.
        self._tokenizing = threading.Lock()
        self._device = torch.device(device)
        self._dtype = dtype
        self._batch_size = batch_size
        self._name = name
        self._fingerprint = fingerprint
        probe = self._tokens(["a", ""])
        self._max_text_tokens = int(probe.shape[1])
        self._padding = Padding.of(*probe.numpy())
        with torch.inference_mode():
            self._dimension = int(self._features_of_texts(probe[:1]).shape[1])

    @classmethod
    def from_pretrained(
        cls,
        name: str,
        *,
        device: str = "auto",
        dtype: Dtype = "auto",
        batch_size: int = 32,
        known_as: str | None = None,
    ) -> Self:
        """An open_clip model with its weights.

        name: `MODEL/TAG` of open_clip's list (`ViT-B-16-SigLIP2-256/webli`), `hf-hub:owner/repository`, or a folder
            with `open_clip_config.json`, weights, and tokenizer files where the configuration names a tokenizer.
        device: auto takes CUDA where there is one. dtype: auto takes bf16 on CUDA and fp32 elsewhere.
        batch_size: contents in one forward. known_as: the `name` of the encoder, where users call it otherwise.
        Raises ModelError when the model is unknown, missing, broken or out of reach.
        """
        identifier, tag = resolved(name)
        place = _device(device)
        kind = _dtype(dtype, place)
        try:
            with quiet():
                model, preprocess = open_clip.create_model_from_pretrained(
                    identifier, pretrained=tag, force_quick_gelu=wants_quick_gelu(identifier, tag)
                )
                tokenizer = open_clip.get_tokenizer(identifier)
                config = open_clip.get_model_config(identifier)
        except Exception as error:
            # open_clip, torch, safetensors, transformers and the hub raise families of their own.
            _log.debug("loading the encoder %s failed", name, exc_info=True)
            raise ModelError(reason(name, tag, error), param="encoder") from error
        fingerprint = fingerprint_of(model, [config, model.visual.preprocess_cfg], tokenizer)
        return cls(
            model,
            preprocess,
            tokenizer,
            name=known_as or name,
            fingerprint=fingerprint,
            device=place,
            dtype=kind,
            batch_size=batch_size,
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """Of configuration, tokenizer and weights as they were loaded: the same for every device and dtype."""
        return self._fingerprint

    @property
    def device(self) -> str:
        """Where the model runs, as PyTorch calls it."""
        return str(self._device)

    @property
    def dtype(self) -> str:
        """The number format in which it computes, as PyTorch calls it."""
        return str(self._dtype).removeprefix("torch.")

    @cached_property
    def weight_bytes(self) -> int:
        """The memory that the model's weights take."""
        return sum(tensor.nbytes for tensor in (*self._model.parameters(), *self._model.buffers()))

    @property
    def max_text_tokens(self) -> int:
        """How many tokens of a text are read, special tokens included; what is behind them is not seen."""
        return self._max_text_tokens

    def count_tokens(self, texts: list[str]) -> list[int]:
        """How many tokens each text takes, at most `max_text_tokens`; a text with as many may have been cut."""
        batches = _batches(texts, self._batch_size)
        return [count for batch in batches for count in self._padding.used(self._beginnings(batch).numpy())]

    def encode_texts(self, texts: list[str]) -> Vectors:
        """(n, d) float32, rows of unit length, in the order of `texts`. Raises ModelError if one is not finite."""
        batches = _batches(texts, self._batch_size)
        with torch.inference_mode():
            return self._unit([self._features_of_texts(self._beginnings(batch)) for batch in batches])

    def encode_images(self, images: list[Image.Image]) -> Vectors:
        """(n, d) float32, rows of unit length, in the order of `images`. Raises ModelError if one is not finite.

        While one batch is in the model, threads prepare the next ones; at most two batches wait prepared.
        """
        batches = _batches(images, self._batch_size)
        with torch.inference_mode():
            return self._unit([self._features_of_images(pixels) for pixels in self._prepared(batches)])

    def _prepared(self, batches: Sequence[list[Image.Image]]) -> Iterator[torch.Tensor]:
        """Each batch as (n, 3, h, w), prepared ahead of its turn."""
        if sum(map(len, batches)) <= 1:
            yield from (torch.stack([self._pixels(image) for image in batch]) for batch in batches)
            return
        waiting: deque[list[Future[torch.Tensor]]] = deque()
        with ThreadPoolExecutor(_PREPROCESSING_THREADS, "preprocess") as pool:
            for batch in batches:
                waiting.append([pool.submit(self._pixels, image) for image in batch])
                if len(waiting) > _BATCHES_AHEAD:
                    yield torch.stack([future.result() for future in waiting.popleft()])
            while waiting:
                yield torch.stack([future.result() for future in waiting.popleft()])

    def _pixels(self, image: Image.Image) -> torch.Tensor:
        width, height = image.size
        reach = _LONGEST_SIDES * min(width, height)
        if max(width, height) > reach:
            left, top = max(0, width - reach) // 2, max(0, height - reach) // 2
            image = image.crop((left, top, left + min(width, reach), top + min(height, reach)))
        return self._preprocess(image)

    def _beginnings(self, texts: list[str]) -> torch.Tensor:
        return tokens_of_beginnings(texts, self._tokens, self._padding, self._max_text_tokens)

    def _tokens(self, texts: list[str]) -> torch.Tensor:
        with self._tokenizing:
            return self._tokenizer(texts)

    def _features_of_texts(self, tokens: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self._model.encode_text(tokens.to(self._device))  # type: ignore[operator]
        return functional.normalize(features.float(), dim=-1)  # (n, d)

    def _features_of_images(self, pixels: torch.Tensor) -> torch.Tensor:
        pixels = pixels.to(device=self._device, dtype=self._dtype)
        features: torch.Tensor = self._model.encode_image(pixels)  # type: ignore[operator]
        return functional.normalize(features.float(), dim=-1)  # (n, d)

    def _unit(self, features: list[torch.Tensor]) -> Vectors:
        if not features:
            return np.empty((0, self._dimension), np.float32)
        vectors: Vectors = torch.cat(features).cpu().numpy()
        if not np.isfinite(vectors).all():
            raise ModelError(f"the encoder {self._name} gave a vector that is not finite", param="encoder")
        return vectors


def _batches(things: list[Thing], size: int) -> list[list[Thing]]:
    return [things[start : start + size] for start in range(0, len(things), size)]


def _device(device: str) -> torch.device:
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        place = torch.device(device)
    except RuntimeError as error:
        raise ModelError(f"{device!r} is no device; take auto, cpu, cuda or cuda:N", param="device") from error
    if place.type == "cuda" and (place.index or 0) >= torch.cuda.device_count():
        raise ModelError(f"there is no device {device} here; take cpu or auto", param="device")
    return place


def _dtype(dtype: str, device: torch.device) -> torch.dtype:
    kinds = {"fp32": torch.float32, "bf16": torch.bfloat16}
    kinds["auto"] = kinds["bf16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "fp32"]
    if dtype not in kinds:
        raise ModelError(f"the encoder runs in auto, fp32 or bf16, not in {dtype!r}", param="dtype")
    return kinds[dtype]
