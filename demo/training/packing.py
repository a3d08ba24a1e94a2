"""Lychee's prompt as numbers, one query and several documents to a row: the query is read once, each document sees
it and itself. Knows neither model nor catalogue.

Every document of a row gets what it would get in a prompt of its own: its tokens see the same ones at the same places.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import Qwen2Tokenizer

from demo.training.sight import TOKENS
from reranker.prompt import DOCUMENT_HEADING, INSTRUCTION_PREFIX, QUERY_HEADING, SYSTEM

HEADING = 3  # tokens of the document's heading: what is known of the query is read there
ENDING = 5  # tokens behind the document: what is known of both is read there, the verdict at the last
_ACROSS = 4  # tokens of a picture in a row
_OPENING = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{INSTRUCTION_PREFIX}"
_ENDING = "<|im_end|>\n<|im_start|>assistant\n"


@dataclass(frozen=True, slots=True)
class Side:
    """A query or a document: a text, a picture (a row of the features), or both."""

    text: str | None = None
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    instruction: str
    query: Side
    documents: Sequence[Side]


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows of one layout: the prefix, padded to `prefix` tokens, then each document, padded to `document` tokens.

    ids (b, l), positions (3, b, l), filled (b, l): False at padding. pictures (p, 3): row of the batch, first token and
    row of the features. headings (b, d) and endings (b, d): where each document's heading and ending begin.
    """

    ids: Tensor
    positions: Tensor
    filled: Tensor
    prefix: int
    document: int
    pictures: NDArray[np.int64]
    headings: Tensor
    endings: Tensor

    def to(self, device: torch.device) -> "Packed":
        names = ("ids", "positions", "filled", "headings", "endings")
        return replace(self, **{name: getattr(self, name).to(device) for name in names})


class Packer:
    """Turns asks into batches; remembers the tokens of the texts that come again and again."""

    def __init__(self, tokenizer: Qwen2Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._fixed: dict[str, list[int]] = {}
        self._picture = self._ids("<|vision_start|>" + "<|image_pad|>" * TOKENS + "<|vision_end|>")

    def pack(self, asks: Sequence[Ask]) -> Packed:
        """Every ask must have the same number of documents."""
        parts = [self._parts(ask) for ask in asks]
        prefix = max(len(one[0].ids) for one in parts)
        document = max(len(one.ids) for row in parts for one in row[1:])
        starts = [0, *(prefix + i * document for i in range(len(parts[0]) - 1))]
        length = prefix + document * (len(parts[0]) - 1)
        ids, filled = np.zeros((len(parts), length), np.int64), np.zeros((len(parts), length), np.bool_)
        positions = np.zeros((3, len(parts), length), np.int64)
        pictures: list[tuple[int, int, int]] = []
        for i, row in enumerate(parts):
            for start, part in zip(starts, row, strict=True):
                here = slice(start, start + len(part.ids))
                ids[i, here], filled[i, here], positions[:, i, here] = part.ids, True, np.array(part.positions).T
                pictures.extend((i, start + at, picture) for at, picture in part.pictures)
        return Packed(
            torch.from_numpy(ids),
            torch.from_numpy(positions),
            torch.from_numpy(filled),
            prefix,
            document,
            np.array(pictures, dtype=np.int64).reshape(-1, 3),
            torch.tensor(starts[1:]).expand(len(parts), -1),
            torch.tensor(
                [[s + len(one.ids) - ENDING for s, one in zip(starts[1:], row[1:], strict=True)] for row in parts]
            ),
        )

    def _parts(self, ask: Ask) -> list["_Part"]:
        """The prefix and the documents."""
        prefix = _Part(0)
        prefix.add(self._remembered(_OPENING + ask.instruction + QUERY_HEADING))
        self._write_side(prefix, ask.query)
        parts = [prefix]
        for document in ask.documents:
            part = _Part(prefix.at)
            part.add(self._remembered(DOCUMENT_HEADING))
            self._write_side(part, document)
            part.add(self._remembered(_ENDING))
            parts.append(part)
        return parts

    def _write_side(self, part: "_Part", side: Side) -> None:
        if side.picture is not None:
            part.add(self._picture[:1])
            part.pictures.append((len(part.ids), side.picture))
            part.add_picture(self._picture[1])
            part.add(self._picture[-1:])
        if side.text is not None:
            part.add(self._ids(side.text))

    def _remembered(self, text: str) -> list[int]:
        if text not in self._fixed:
            self._fixed[text] = self._ids(text)
        return self._fixed[text]

    def _ids(self, text: str) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=False)  # type: ignore[no-any-return]


class _Part:
    """The prefix or a document while it is written. `at` is the position of the next token."""

    def __init__(self, at: int) -> None:
        self.ids: list[int] = []
        self.positions: list[tuple[int, int, int]] = []
        self.pictures: list[tuple[int, int]] = []
        self.at = at

    def add(self, ids: list[int]) -> None:
        self.ids.extend(ids)
        self.positions.extend((at, at, at) for at in range(self.at, self.at + len(ids)))
        self.at += len(ids)

    def add_picture(self, token: int) -> None:
        """Positions in time, height and width, as Qwen2.5-VL counts them."""
        self.ids.extend([token] * TOKENS)
        self.positions.extend((self.at, self.at + i // _ACROSS, self.at + i % _ACROSS) for i in range(TOKENS))
        self.at += _ACROSS
