"""Stage 1's encoder as mteb wants one. Knows no open_clip, only the protocol of encoders."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from evaluation.mteb_models.meta import meta
from evaluation.mteb_models.rows import Batches, Row, rows
from indexer.protocols import Encoder, Vectors

if TYPE_CHECKING:
    from mteb.abstasks.task_metadata import TaskMetadata
    from mteb.models.model_meta import ModelMeta
    from mteb.types import PromptType

_AT_A_TIME = 64


class MtebEncoder:
    """`mteb.evaluate(MtebEncoder(encoder), tasks)`: vectors of texts and pictures, compared by their inner product.

    A row with a text and a picture gets the unit vector of the sum of both, as mteb has one vector for each row, where
    a collection has one for either; a text beyond the encoder's window is read as far as that, where a collection would
    have passages. So a figure of mteb's is that of the encoder, not of stage 1.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @cached_property
    def mteb_model_meta(self) -> "ModelMeta":
        encoder = self._encoder
        size = encoder.max_text_tokens
        return meta(encoder.name, encoder.fingerprint, "dense", dimension=encoder.dimension, max_tokens=size)

    def encode(
        self,
        inputs: Batches,
        *,
        task_metadata: "TaskMetadata",
        hf_split: str,
        hf_subset: str,
        prompt_type: "PromptType | None" = None,
        **options: object,
    ) -> Vectors:
        """(rows, dimension) float32, of unit length. The rest is mteb's and changes nothing: no prompts are put before.

        Raises InvalidInput for a row without text and picture.
        """
        found, waiting = [np.empty((0, self._encoder.dimension), np.float32)], []
        for row in rows(inputs):
            waiting.append(row)
            if len(waiting) == _AT_A_TIME:
                found.append(self._vectors(waiting))
                waiting = []
        return np.concatenate([*found, self._vectors(waiting)])

    def similarity(self, embeddings1: Vectors, embeddings2: Vectors) -> Vectors:
        """(n, d) and (m, d) -> (n, m)."""
        return np.asarray(embeddings1) @ np.asarray(embeddings2).T

    def similarity_pairwise(self, embeddings1: Vectors, embeddings2: Vectors) -> Vectors:
        """(n, d) and (n, d) -> (n,)."""
        products: Vectors = (np.asarray(embeddings1) * np.asarray(embeddings2)).sum(axis=1)
        return products

    def _vectors(self, part: Sequence[Row]) -> Vectors:
        sums = np.zeros((len(part), self._encoder.dimension), np.float32)
        contents = [row.content for row in part]
        with_text = [place for place, content in enumerate(contents) if content.text is not None]
        with_image = [place for place, content in enumerate(contents) if content.image is not None]
        sums[with_text] += self._encoder.encode_texts([contents[place].text or "" for place in with_text])
        images = [image for content in contents if (image := content.image) is not None]
        sums[with_image] += self._encoder.encode_images(images)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        unit: Vectors = sums / np.maximum(lengths, np.finfo(np.float32).tiny)
        return unit
