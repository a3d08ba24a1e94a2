"""What a telling of a scene says, as slots in the order in which it says them, and where two tellings agree.

A caption that leaves out the direction cannot say which group is the first; it then counts the one it names first.
"""

import numpy as np
from numpy.typing import NDArray

from demo.catalogue.caption import FULL_WORDINGS
from demo.training.slots import NO_GROUP, Slots

UNSAID = -1
_LEFT = 0  # the relation that `next to` says, too


def said(row: Slots, wording: int, group: int) -> Slots:
    """(10,): the slots of a scene as a caption in this wording says them; UNSAID where it does not."""
    if wording < FULL_WORDINGS:
        return row
    told = np.full_like(row, UNSAID)
    one = row[4:8] if group == 1 else row[:4]
    if wording >= 7 or row[4] == NO_GROUP:
        told[:4] = one if wording != 8 else [*one[:3], UNSAID]
        return told
    first, second = (row[:4], row[4:8]) if wording == 4 else (row[4:8], row[:4])
    told[:4], told[4:8] = first, second
    if wording != 6 and row[8] == _LEFT:
        told[8] = _LEFT
    return told


def agreement(query: Slots, documents: Slots, loose: NDArray[np.bool_]) -> Slots:
    """(b, 1, 10) and (b, d, 10) -> (b, d, 10): 1 where both say the same, 0 where not, UNSAID where one says nothing.

    loose (b, d): one of both does not know its first group from its second; the groups are then matched as they agree
    best, and the answers stand in the document's order.
    """
    straight = _same(query, documents)
    crossed = _same(np.concatenate([query[..., 4:8], query[..., :4], query[..., 8:]], axis=-1), documents)
    better = (crossed[..., :8] == 1).sum(-1) > (straight[..., :8] == 1).sum(-1)
    return np.where((loose & better)[..., None], crossed, straight)


def _same(query: Slots, documents: Slots) -> Slots:
    known = (query != UNSAID) & (documents != UNSAID)
    return np.where(known, (query == documents).astype(np.int64), UNSAID)
