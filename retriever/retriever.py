"""Stage 1: a query becomes vectors, and the vectors become candidates. Knows nothing of rerankers, files or devices."""

from dataclasses import dataclass
from typing import get_args

from content import Content, Target
from content.errors import InvalidInput
from indexer.collection import Collection
from indexer.protocols import CHANNELS, Channel, Encoder, Vectors
from retriever.candidate import Candidate, QuerySide
from retriever.fusion import RankedList, fuse

MAX_CANDIDATES = 1000

_CHANNELS_OF: dict[Target, tuple[Channel, ...]] = {"any": CHANNELS, "image": ("image",), "text": ("text",)}


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
    never compared: each side of the query is looked up in each channel by itself, and the lists are fused by rank.
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

    def recall(self, vectors: QueryVectors, target: Target = "any", candidates: int = 100) -> list[Candidate]:
        """The best `candidates` items (1 to 1000) by reciprocal rank fusion, best first; [] for an empty collection.

        target: which vectors of the items are searched; `any` is all channels.
        Raises InvalidInput for a number out of range or an unknown target.
        """
        check_recall(target, candidates)
        lists = [
            RankedList(channel, side, self._collection.nearest(channel, vector, candidates)[0])
            for side, vector in vectors.sides()
            for channel in _CHANNELS_OF[target]
        ]
        return fuse(lists, candidates)


def check_recall(target: str, candidates: int) -> None:
    """Raises InvalidInput for what `recall` would refuse, so that callers can refuse it before the query is encoded."""
    if target not in _CHANNELS_OF:
        raise InvalidInput(f"target is one of {', '.join(get_args(Target))}, not {target!r}", param="target")
    if not 1 <= candidates <= MAX_CANDIDATES:
        raise InvalidInput(f"candidates is a number from 1 to {MAX_CANDIDATES}, not {candidates}", param="candidates")
