"""The prefixes that were read last, bounded in bytes. Knows no model."""

from collections import OrderedDict

from reranker.decoder import PrefixState


class PrefixCache:
    """Keeps a request's prefix between its batches, and between requests that ask the same. For one thread.

    max_bytes: of keys and values together; the prefix that was put last is kept whatever its size.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._states: OrderedDict[bytes, PrefixState] = OrderedDict()

    def get(self, key: bytes) -> PrefixState | None:
        state = self._states.get(key)
        if state is not None:
            self._states.move_to_end(key)
        return state

    def put(self, key: bytes, state: PrefixState) -> None:
        """key: one that is not there."""
        self._states[key] = state
        self._bytes += state.nbytes
        while self._bytes > self._max_bytes and len(self._states) > 1:
            _, oldest = self._states.popitem(last=False)
            self._bytes -= oldest.nbytes
