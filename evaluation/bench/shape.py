"""The measures of a Qwen2.5-VL, and how many weights they come to. Knows no tensors."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from content.errors import InvalidInput

PATCH: Final = 14  # pixels along a patch
MERGE: Final = 2  # patches along a token of the language model
WINDOW: Final = 112  # pixels along a window of the tower's attention
PATCH_VALUES: Final = 3 * 2 * PATCH * PATCH  # a still picture counts as two frames


@dataclass(frozen=True, slots=True)
class Linear:
    """A matrix of weights: (outputs, inputs)."""

    outputs: int
    inputs: int

    @property
    def weights(self) -> int:
        return self.outputs * self.inputs


@dataclass(frozen=True, slots=True)
class Shape:
    """hidden to vocab: the language model. vision_*: the tower; every `vision_full`-th of its blocks sees the whole
    picture, the others windows of 8 x 8 patches.

    Raises InvalidInput, with `param` the option, for measures that make no model.
    """

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    intermediate: int
    vocab: int
    vision_hidden: int
    vision_depth: int
    vision_heads: int
    vision_intermediate: int
    vision_full: int

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 1:
                raise InvalidInput(f"{_option(name)} is at least 1, not {getattr(self, name)}", param=_option(name))
        if self.heads % self.kv_heads:
            raise InvalidInput(f"{self.heads} heads cannot share {self.kv_heads} kv-heads evenly", param="--kv-heads")
        if self.hidden % (8 * self.heads):
            raise InvalidInput(f"--hidden is a multiple of 8 x {self.heads} heads, not {self.hidden}", param="--hidden")
        if self.vision_hidden % (4 * self.vision_heads):
            raise InvalidInput(
                f"--vision-hidden is a multiple of 4 x {self.vision_heads} heads, not {self.vision_hidden}",
                param="--vision-hidden",
            )

    @property
    def head_dim(self) -> int:
        return self.hidden // self.heads

    @property
    def layer(self) -> Mapping[str, Linear]:
        """The matrices of one layer of the language model, by the names of its parts."""
        queries, keys = self.heads * self.head_dim, self.kv_heads * self.head_dim
        return {
            "query": Linear(queries, self.hidden),
            "key": Linear(keys, self.hidden),
            "value": Linear(keys, self.hidden),
            "out": Linear(self.hidden, queries),
            "gate": Linear(self.intermediate, self.hidden),
            "up": Linear(self.intermediate, self.hidden),
            "down": Linear(self.hidden, self.intermediate),
        }

    @property
    def block(self) -> Mapping[str, Linear]:
        """The matrices of one block of the tower."""
        return {
            "qkv": Linear(3 * self.vision_hidden, self.vision_hidden),
            "out": Linear(self.vision_hidden, self.vision_hidden),
            "gate": Linear(self.vision_intermediate, self.vision_hidden),
            "up": Linear(self.vision_intermediate, self.vision_hidden),
            "down": Linear(self.vision_hidden, self.vision_intermediate),
        }

    @property
    def patch_embedding(self) -> Linear:
        return Linear(self.vision_hidden, PATCH_VALUES)

    @property
    def merger(self) -> tuple[Linear, Linear]:
        """What makes one token of four patches."""
        wide = MERGE * MERGE * self.vision_hidden
        return Linear(wide, wide), Linear(self.hidden, wide)

    @property
    def language_weights(self) -> int:
        """Of the language model's matrices, without embeddings and head."""
        return self.layers * sum(matrix.weights for matrix in self.layer.values())

    @property
    def vision_weights(self) -> int:
        parts = (self.patch_embedding, *self.merger)
        blocks = self.vision_depth * sum(matrix.weights for matrix in self.block.values())
        return blocks + sum(matrix.weights for matrix in parts)

    @property
    def full_blocks(self) -> tuple[int, ...]:
        """Which blocks of the tower see the whole picture, from 0."""
        return tuple(range(self.vision_full - 1, self.vision_depth, self.vision_full))


# tiny: shows that everything runs. mini: the proportions of 7B that 50M parameters have room for. Its tower costs as
# much beside the language model as that of 7B does, and its intermediate size is 4 x hidden where 7B has 5.3 x. The
# vocabulary is small on purpose: the LM head over a real one would cost more here than it does in a large model, at
# the expense of those that compute it. 3b, 7b: config.json of Qwen/Qwen2.5-VL-3B-Instruct and
# Qwen/Qwen2.5-VL-7B-Instruct.
PRESETS: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        "tiny": Shape(
            hidden=64,
            layers=2,
            heads=4,
            kv_heads=2,
            intermediate=128,
            vocab=2048,
            vision_hidden=32,
            vision_depth=2,
            vision_heads=2,
            vision_intermediate=64,
            vision_full=2,
        ),
        "mini": Shape(
            hidden=512,
            layers=12,
            heads=8,
            kv_heads=2,
            intermediate=2048,
            vocab=2048,
            vision_hidden=192,
            vision_depth=8,
            vision_heads=4,
            vision_intermediate=512,
            vision_full=4,
        ),
        "3b": Shape(
            hidden=2048,
            layers=36,
            heads=16,
            kv_heads=2,
            intermediate=11008,
            vocab=151936,
            vision_hidden=1280,
            vision_depth=32,
            vision_heads=16,
            vision_intermediate=3420,
            vision_full=8,
        ),
        "7b": Shape(
            hidden=3584,
            layers=28,
            heads=28,
            kv_heads=4,
            intermediate=18944,
            vocab=152064,
            vision_hidden=1280,
            vision_depth=32,
            vision_heads=16,
            vision_intermediate=3420,
            vision_full=8,
        ),
    }
)


def shape_named(name: str, **measures: int | None) -> Shape:
    """A preset, with the measures that are given in place of its own. Raises InvalidInput for a name that is none."""
    if name not in PRESETS:
        raise InvalidInput(f"--shape is one of {', '.join(PRESETS)}, not {name!r}", param="--shape")
    return replace(PRESETS[name], **{key: value for key, value in measures.items() if value is not None})


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
