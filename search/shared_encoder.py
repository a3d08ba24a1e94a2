"""An encoder that several threads may use, because its passes run on the device worker. Knows no model."""

from functools import partial

from PIL import Image

from indexer.protocols import Encoder, Vectors
from search.worker import DeviceWorker


class SharedEncoder:
    """The Encoder given, with every pass on the worker's thread."""

    def __init__(self, encoder: Encoder, worker: DeviceWorker) -> None:
        self._encoder = encoder
        self._worker = worker

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    @property
    def max_text_tokens(self) -> int:
        return self._encoder.max_text_tokens

    def encode_texts(self, texts: list[str]) -> Vectors:
        return self._worker.run(partial(self._encoder.encode_texts, texts))

    def encode_images(self, images: list[Image.Image]) -> Vectors:
        return self._worker.run(partial(self._encoder.encode_images, images))
