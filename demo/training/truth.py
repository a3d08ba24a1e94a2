"""Which scenes a caption is true of, for many captions and scenes at once. `caption.fits` on numbers."""

import numpy as np
from numpy.typing import NDArray

from demo.catalogue.caption import FULL_WORDINGS
from demo.catalogue.vocabulary import RELATIONS
from demo.training.slots import Slots, group_keys

Flags = NDArray[np.bool_]


def true_of(told: Slots, wordings: NDArray[np.int64], groups: NDArray[np.int64], scenes: Slots) -> Flags:
    """(n, m): whether the caption of told[i] in wordings[i], speaking of groups[i] if of one only, fits scenes[j]."""
    n = np.arange(len(told))
    here, there = group_keys(told, number=True), group_keys(scenes, number=True)
    bare_here, bare_there = group_keys(told, number=False), group_keys(scenes, number=False)
    same = (told[:, None] == scenes[None]).all(-1)
    pair = (np.sort(here, axis=1)[:, None] == np.sort(there, axis=1)[None]).all(-1)
    left = RELATIONS.index("left")
    beside = pair & ((told[:, None, 8] != left) | (scenes[None, :, 8] == left))  # `next to`: not above each other
    one = (here[n, groups][:, None, None] == there[None]).any(-1)
    any_number = (bare_here[n, groups][:, None, None] == bare_there[None]).any(-1)
    alone, wording = (here[:, 1] == -1)[:, None], wordings[:, None]
    return np.select(
        [wording < FULL_WORDINGS, wording == 8, (wording == 7) | alone, wording < 6],
        [same, any_number, one, beside],
        pair,
    )
