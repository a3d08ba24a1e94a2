"""The prefixes that were read last, bounded in bytes. Knows no model."""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice

from torch import Tensor

from reranker.decoder import PrefixState

_WORTH = 8  # tokens in common below which nothing is taken over
_LOOKED_AT = 16  # prefixes; a busy server has a few instructions at a time
_MOST = 64  # prefixes; of a small model the bytes would hold thousands, which hardly ever come again


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    ids: Tensor
    state: PrefixState


class PrefixCache:
    """Keeps a request's prefix between its batches, and between requests that ask the same, or begin alike. For one
    thread.

    max_bytes: of keys and values together; the prefix that was put last is kept whatever its size. No more than 64 are
    kept, however small.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    def get(self, key: bytes) -> PrefixState | None:
        known = self._known.get(key)
        if known is None:
            return None
        self._known.move_to_end(key)
        return known.state

    def beginning(self, ids: Tensor, most: int) -> PrefixState | None:
        """The state of as many of the first `most` tokens as any of the latest prefixes begins with.

        ids: (n,) int64, on the CPU, no picture among the first `most`: equal tokens then mean an equal state.
        """
        latest = islice(reversed(self._known.values()), _LOOKED_AT)
        best = max(latest, key=lambda known: _in_common(known.ids, ids, most), default=None)
        if best is None:
            return None
        shared = _in_common(best.ids, ids, most)
        return best.state.first(shared) if shared >= _WORTH else None

    def put(self, key: bytes, ids: Tensor, state: PrefixState) -> None:
        """key: one that is not there. ids: the prefix's tokens, (n,) int64, on the CPU."""
        self._known[key] = _Known(ids, state)
        self._bytes += state.nbytes
        while len(self._known) > 1 and (self._bytes > self._max_bytes or len(self._known) > _MOST):
            _, oldest = self._known.popitem(last=False)
            self._bytes -= oldest.state.nbytes


def _in_common(one: Tensor, other: Tensor, most: int) -> int:
    """How many tokens, at most `most`, both begin with."""
    length = min(len(one), len(other), most)
    differ = (one[:length] != other[:length]).nonzero()
    return int(differ[0]) if len(differ) else length
