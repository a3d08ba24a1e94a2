"""Queries and documents as unlike each other as noise is, the same for the same seed. Knows no model.

What they say does not matter for speed; how long they are does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from math import isqrt
from typing import Final

import numpy as np
from numpy.random import Generator
from PIL import Image
from transformers import PreTrainedTokenizerBase

from content import Content
from content.errors import InvalidInput

SIDE_OF_A_TOKEN: Final = 28  # pixels
PAIRS: Final = ("T->T", "T->I", "I->T", "I->I")  # query -> document
_SHORTEST: Final = 30  # tokens of a text
_LONGEST: Final = 150
_QUERY: Final = 60
_MIX: Final = (
    ("T", 30),
    ("I", 256),
    ("T", 1200),
    ("T", 60),
    ("I", 64),
    ("T", 100),
    ("T", 150),
    ("I", 576),
    ("T", 300),
    ("I", 256),
)
_BLOCKS: Final = 14  # a picture is so many blocks wide: as hard to read as any, and cheap to make


@dataclass(frozen=True, slots=True)
class Task:
    """One pair of kinds. queries: one for each round, so that no side can know a query from the round before.
    documents: the same in all rounds."""

    pair: str
    queries: tuple[Content, ...]
    documents: tuple[Content, ...]


class Corpus:
    """tokenizer: the checkpoint's own. picture_tokens: what a picture of a task takes of the language model, as `Setup`
    has it."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, picture_tokens: int, seed: int) -> None:
        self._words = sorted(word[1:] for word in tokenizer.get_vocab() if word[0] == "Ġ" and _plain(word[1:]))
        self._tokenizer = tokenizer
        self._picture_tokens = picture_tokens
        self._seed = seed

    def task(self, pair: str, documents: int, rounds: int) -> Task:
        """Texts of documents have 30 to 150 tokens, those of queries 60."""
        _, document = pair.split("->")
        lengths = self._random(pair, 0).integers(_SHORTEST, _LONGEST + 1, documents).tolist()
        return Task(
            pair,
            tuple(islice(self.queries(pair), rounds)),
            tuple(
                self._content(document, length, self._random(pair, 2, number)) for number, length in enumerate(lengths)
            ),
        )

    def queries(self, pair: str) -> Iterator[Content]:
        """Those of its tasks and on without an end, each made when it is asked for."""
        query, _ = pair.split("->")
        return (self._content(query, _QUERY, self._random(pair, 1, number)) for number in count())

    def text(self, tokens: int, random: Generator) -> str:
        """Exactly so many tokens."""
        text = " ".join(random.choice(self._words, tokens).tolist())
        excess = len(self._tokenizer.encode(text, add_special_tokens=False)) - tokens
        return text.rsplit(" ", excess)[0] if excess > 0 else text

    def picture(self, tokens: int, random: Generator) -> Image.Image:
        """A square one; tokens: a square number."""
        side = SIDE_OF_A_TOKEN * isqrt(tokens)
        blocks = random.integers(0, 256, (_BLOCKS, _BLOCKS, 3), dtype=np.uint8)
        return Image.fromarray(blocks).resize((side, side), Image.Resampling.NEAREST)

    def mixed(self, number: int) -> Content:
        """Document `number` of a collection that has everything, short and long, in every ten of them."""
        kind, tokens = _MIX[number % len(_MIX)]
        random = np.random.default_rng([self._seed, number])
        return Content(image=self.picture(tokens, random)) if kind == "I" else Content(text=self.text(tokens, random))

    def _content(self, kind: str, tokens: int, random: Generator) -> Content:
        if kind == "I":
            return Content(image=self.picture(self._picture_tokens, random))
        return Content(text=self.text(tokens, random))

    def _random(self, pair: str, *place: int) -> Generator:
        return np.random.default_rng([self._seed, PAIRS.index(pair), *place])


def pairs_named(names: Sequence[str]) -> list[str]:
    """All pairs, or those that are named. Raises InvalidInput for what is none."""
    for name in names:
        if name not in PAIRS:
            raise InvalidInput(
                f"{name!r} is no pair of query and document; there are {', '.join(PAIRS)}", param="--pair"
            )
    return [pair for pair in PAIRS if not names or pair in names]


def _plain(word: str) -> bool:
    return word.isascii() and word.isalpha()
