"""What the encoder is shown in one step: pictures, a caption in each language, and which of them belong together."""

import random
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from demo.catalogue.caption import FULL_WORDINGS, WORDINGS, caption
from demo.catalogue.scene import Scene
from demo.catalogue.vocabulary import SOLD, Language
from demo.training.gallery import Gallery
from demo.training.truth import true_of

_COLUMNS: tuple[Language, ...] = ("en", "zh")
_MIXED = 0.15  # the share of captions in which both languages meet
_SHARES = (12, 12, 12, 12, 6, 6, 6, 17, 17)  # of the wordings: people who search say little, so the short ones count


@dataclass(frozen=True, slots=True)
class EncoderBatch:
    """pictures: (n, 112, 112, 3) uint8. texts: English and Chinese, n each. belongs: per language (n, n) bool, whether
    text i is true of picture j. slots: (n, 10). full: per language (n,) bool, whether text i names everything."""

    pictures: NDArray[np.uint8]
    texts: tuple[list[str], list[str]]
    belongs: tuple[torch.Tensor, torch.Tensor]
    full: tuple[torch.Tensor, torch.Tensor]
    slots: torch.Tensor


def families_sold(gallery: Gallery) -> list[range]:
    """The rows of each family that shows nothing but what the shop sells: so small a vector has no room for more, and
    pairs that it never saw cost it little (docs/decisions.md)."""
    starts = gallery.families().tolist()
    families = [range(start, end) for start, end in pairwise(starts)]
    return [rows for rows in families if all(_is_sold(gallery.items[row].scene) for row in rows)]


def encoder_batch(gallery: Gallery, families: list[range], size: int, seed: int, step: int) -> EncoderBatch:
    """Whole families, so that near-duplicates meet; the same batch for the same seed and step."""
    rng = random.Random(f"{seed}|{step}")
    rows: list[int] = []
    while len(rows) < size:
        rows.extend(rng.choice(families))
    rows = sorted(set(rows))[:size]
    chosen = gallery.slots[rows]
    english, chinese = (_texts(gallery, rows, language, rng) for language in _COLUMNS)
    return EncoderBatch(
        np.stack([gallery.pictures[row] for row in rows]),
        (english[0], chinese[0]),
        (
            torch.from_numpy(true_of(chosen, *english[1:], chosen)),
            torch.from_numpy(true_of(chosen, *chinese[1:], chosen)),
        ),
        (torch.from_numpy(english[1] < FULL_WORDINGS), torch.from_numpy(chinese[1] < FULL_WORDINGS)),
        torch.from_numpy(chosen),
    )


def _is_sold(scene: Scene) -> bool:
    return all(group.shape in SOLD.shapes and group.colour in SOLD.colours for group in scene.groups)


_Texts = tuple[list[str], NDArray[np.int64], NDArray[np.int64]]


def _texts(gallery: Gallery, rows: list[int], language: Language, rng: random.Random) -> _Texts:
    """Sentences, their wordings, and the groups they speak of where they speak of one."""
    texts, wordings, groups = [], [], []
    for row in rows:
        scene = gallery.items[row].scene
        wording = rng.choices(range(WORDINGS), _SHARES)[0]
        group = rng.randrange(len(scene.groups))
        texts.append(caption(scene, "mixed" if rng.random() < _MIXED else language, wording, group))
        wordings.append(wording)
        groups.append(group)
    return texts, np.array(wordings), np.array(groups)
