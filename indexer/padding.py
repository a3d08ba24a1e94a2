"""How a tokenizer fills up what a text leaves free of its row of tokens. Knows no model and no words."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]  # (n, t)


@dataclass(frozen=True, slots=True)
class Padding:
    """What stands behind a text's own tokens.

    filler: the id that is repeated. tail: how many tokens stand behind the fillers in each row, whatever the text is.
    hidden: how many of the tokens that look like fillers every text has as its end: SigLIP ends a text with the very
    token that it pads with.
    """

    filler: int
    tail: int
    hidden: int

    @classmethod
    def of(cls, short: Tokens, empty: Tokens) -> Self:
        """short, empty: (t,), the rows of a text of one or two tokens and of "", longer than those."""
        ids, counts = np.unique(short, return_counts=True)
        filler = int(ids[counts.argmax()])
        tail = int((short[::-1] == filler).argmax())
        # Where nothing is seen of an empty text its end token looks like a filler, or it has none: one is reckoned.
        return cls(filler, tail, hidden=int((empty == filler).all()))

    def used(self, tokens: Tokens) -> list[int]:
        """How many tokens the text of each row of (n, t) takes, special tokens included: from 0 to t."""
        length = tokens.shape[1]
        own = tokens[:, : length - self.tail] != self.filler
        last = np.where(own.any(axis=1), own.shape[1] - own[:, ::-1].argmax(axis=1), 0)  # (n,)
        counted: list[int] = np.minimum(last + self.tail + self.hidden, length).tolist()
        return counted
