"""How many operations a judgement needs at the least, from the measures of the model alone. Knows no tensors.

Counted are multiplications and additions of the matrices and of attention (two a weight and row, as vendors count
them); norms, activations, softmax and positions, a few in a hundred, are not. Counted once is what is the same for
all documents (system, instruction, query), and nothing that the verdict does not depend on: behind the last layer's
keys and values only the last token of each document is followed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.bench.shape import MERGE, PATCH, WINDOW, Linear, Shape

_WINDOW_PATCHES = (WINDOW // PATCH) ** 2


@dataclass(frozen=True, slots=True)
class Operations:
    """linear: matrix -> rows that are multiplied by it, all layers together. attention: operations of attention."""

    linear: Mapping[Linear, int]
    attention: int

    @property
    def total(self) -> int:
        return sum(2 * rows * matrix.weights for matrix, rows in self.linear.items()) + self.attention

    def __add__(self, other: "Operations") -> "Operations":
        return Operations(Counter(self.linear) + Counter(other.linear), self.attention + other.attention)


NONE = Operations({}, 0)


def judgement(shape: Shape, prefix: int, documents: Sequence[int]) -> Operations:
    """The language model over one prefix and the documents behind it; both in tokens."""
    alone = shape.layers - 1
    tokens = prefix + sum(documents)
    rows: Counter[Linear] = Counter()
    for name, matrix in shape.layer.items():
        last = tokens if name in ("key", "value") else len(documents)
        rows[matrix] += alone * tokens + last
    pairs = _causal(prefix) + sum(_causal(own) + own * prefix for own in documents)
    last_pairs = sum(own + prefix for own in documents)
    return Operations(rows, attention(shape, alone * pairs + last_pairs))


def all_of(shape: Shape, tokens: int) -> Operations:
    """The language model over one prompt in full, every layer for every token, as an ordinary forward computes it;
    attention over the whole square, half of which is masked."""
    rows: Counter[Linear] = Counter()
    for matrix in shape.layer.values():
        rows[matrix] += shape.layers * tokens
    return Operations(rows, attention(shape, shape.layers * tokens * tokens))


def picture(shape: Shape, tokens: int) -> Operations:
    """The tower over one picture of so many tokens, which fills whole windows."""
    patches = tokens * MERGE * MERGE
    rows: Counter[Linear] = Counter({shape.patch_embedding: patches})
    for matrix in shape.block.values():
        rows[matrix] += shape.vision_depth * patches
    for matrix in shape.merger:
        rows[matrix] += tokens
    full = len(shape.full_blocks)
    seen = full * patches + (shape.vision_depth - full) * min(patches, _WINDOW_PATCHES)
    return Operations(rows, 4 * patches * seen * shape.vision_hidden)


def attention(shape: Shape, pairs: int) -> int:
    """Of so many pairs of a token and one that it sees: scores and weighted sum."""
    return 4 * pairs * shape.heads * shape.head_dim


def _causal(tokens: int) -> int:
    return tokens * (tokens + 1) // 2
