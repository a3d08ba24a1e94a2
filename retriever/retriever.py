"""Stage 1: a query becomes vectors, and the vectors and words become candidates. Knows nothing of rerankers, files or
devices."""

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from content import Content, Target
from content.errors import InvalidInput
from indexer.collection import Collection
from indexer.filters import Filter
from indexer.protocols import Channel, Encoder, Vectors
from retriever.candidate import Candidate, ChannelName, QuerySide
from retriever.fusion import RankedList, fuse

MAX_CANDIDATES = 1000
MAX_WEIGHT = 100.0
CHANNEL_NAMES: Final[tuple[ChannelName, ...]] = get_args(ChannelName)

_VECTORS_OF: Final[dict[Target, tuple[Channel, ...]]] = {
    "any": ("image", "text"), "image": ("image",), "text": ("text",)
}  # fmt: skip
_SIDE_OF: Final[dict[Target, Channel | None]] = {"any": None, "image": "image", "text": "text"}


@dataclass(frozen=True, slots=True, eq=False)
class QueryVectors:
    """One vector, (1, d) float32 of unit length, for each side that the query has; None for a side that it lacks."""

    text: Vectors | None = None
    image: Vectors | None = None

    def sides(self) -> list[tuple[QuerySide, Vectors]]:
        pairs: tuple[tuple[QuerySide, Vectors | None], ...] = (("text", self.text), ("image", self.image))
        return [(side, vectors) for side, vectors in pairs if vectors is not None]


class Retriever:
    """Recalls candidates of one collection.

    A text lies nearer to any text than to any picture (the modality gap of CLIP), so cosines of different channels are
    never compared: each side of the query is looked up in each channel by itself, its text also as words, and the lists
    are fused by rank.
    """

    def __init__(self, collection: Collection, encoder: Encoder) -> None:
        self._collection = collection
        self._encoder = encoder

    def encode(self, query: Content) -> QueryVectors:
        """The query's vectors: the only part of stage 1 that needs the device."""
        return QueryVectors(
            text=None if query.text is None else self._encoder.encode_texts([query.text]),
            image=None if query.image is None else self._encoder.encode_images([query.image]),
        )

    def recall(
        self,
        query: Content,
        vectors: QueryVectors,
        target: Target = "any",
        candidates: int = 100,
        wanted: Filter | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> list[Candidate]:
        """The best `candidates` items (1 to 1000) by reciprocal rank fusion, best first; [] for an empty collection.

        vectors: those of `query`. target: which side of the items is searched; `any` is all. wanted: the filter that
        items have to pass, before they are ranked. weights: of channels, 0 to 100; 0 leaves a channel out, and one that
        is not named has 1.
        Raises InvalidInput for a number out of range, an unknown target or channel.
        """
        check_recall(target, candidates, weights)
        check_channels(query, target, weights)
        weighed = {name: float((weights or {}).get(name, 1.0)) for name in CHANNEL_NAMES}
        fused = fuse(list(self._lists(query, vectors, target, candidates, wanted, weighed)), candidates)
        passages = self._collection.passages([one.key for one in fused if one.key])
        return [
            Candidate(one.id, rank, one.score, one.channels, passages.get(one.key))
            for rank, one in enumerate(fused, start=1)
        ]

    def _lists(
        self,
        query: Content,
        vectors: QueryVectors,
        target: Target,
        k: int,
        wanted: Filter | None,
        weights: Mapping[ChannelName, float],
    ) -> Iterator[RankedList]:
        for side, vector in vectors.sides():
            for channel in _VECTORS_OF[target]:
                if weights[channel]:
                    hits = self._collection.nearest(channel, vector, k, wanted)[0]
                    yield RankedList(channel, side, hits, weights[channel])
        if query.text is not None and weights["words"]:
            hits = self._collection.by_words(query.text, k, _SIDE_OF[target], wanted)
            yield RankedList("words", "text", hits, weights["words"])


def check_channels(query: Content, target: Target, weights: Mapping[str, float] | None) -> None:
    """Raises InvalidInput where no channel that is switched on has anything to look for."""
    on = [name for name in CHANNEL_NAMES if (weights or {}).get(name, 1.0) > 0]
    useful = [*_VECTORS_OF[target], *(["words"] if query.text is not None else [])]
    if not set(on) & set(useful):
        raise InvalidInput(
            f"this query is looked up in {', '.join(useful)} when target is {target}, and only {', '.join(on)} is "
            "switched on",
            param="channels",
        )


def check_recall(target: str, candidates: int, weights: Mapping[str, float] | None = None) -> None:
    """Raises InvalidInput for what `recall` would refuse, so that callers can refuse it before the query is encoded."""
    if target not in _VECTORS_OF:
        raise InvalidInput(f"target is one of {', '.join(get_args(Target))}, not {target!r}", param="target")
    if not 1 <= candidates <= MAX_CANDIDATES:
        raise InvalidInput(f"candidates is a number from 1 to {MAX_CANDIDATES}, not {candidates}", param="candidates")
    for name, weight in (weights or {}).items():
        if name not in CHANNEL_NAMES:
            close = difflib.get_close_matches(name, CHANNEL_NAMES, n=1)
            advice = f"did you mean {close[0]}?" if close else f"the channels are {', '.join(CHANNEL_NAMES)}"
            raise InvalidInput(f"there is no channel {name[:80]!r}; {advice}", param="channels")
        if not math.isfinite(weight) or not 0 <= weight <= MAX_WEIGHT:
            raise InvalidInput(f"a channel's weight is from 0 to {MAX_WEIGHT:g}, not {weight}", param="channels")
    if weights and all(weights.get(name, 1.0) == 0 for name in CHANNEL_NAMES):
        raise InvalidInput("all channels are switched off; leave at least one with a weight above 0", param="channels")
