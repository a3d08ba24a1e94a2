"""Which candidates of stage 1 may well be right answers that nobody has marked. Knows nothing of files of examples."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from content import Content
from content.errors import InvalidInput
from indexer.item import Item
from indexer.passages import split
from indexer.pictures import PictureReader
from indexer.protocols import Encoder, Vectors
from reranker.examples.sameness import normal
from retriever.candidate import Candidate, ChannelName, QuerySide
from retriever.retriever import QueryVectors

_PASSAGES: Final = 64  # of a positive's text, at most, that are encoded
List = tuple[QuerySide, ChannelName]
"""One of the lists that stage 1 fuses: the side of the query that was looked up, and where."""


@dataclass(frozen=True, slots=True)
class Positive:
    """A right answer. picture: its file, not yet looked at; b"" for a positive without one."""

    content: Content
    picture: bytes = b""


class Likenesses:
    """Tells items that are a positive themselves, by their text or their picture.

    A picture is compared as its own bytes and as those that a collection makes of it when it stores it.
    """

    def __init__(self, positives: Iterable[Positive], reader: PictureReader) -> None:
        self._texts, self._pictures = set(), set()
        for positive in positives:
            if positive.content.text is not None:
                self._texts.add(normal(positive.content.text))
            if positive.picture:
                self._pictures |= {digest(positive.picture), digest(_stored(positive.picture, reader))}

    def has(self, item: Item, picture: bytes | None) -> bool:
        """picture: the item's, as it is stored; None for an item without one."""
        told = {normal(text) for text in (item.text, item.ocr, whole_text(item)) if text}
        return bool(told & self._texts) or (picture is not None and digest(picture) in self._pictures)


def own_scores(
    vectors: QueryVectors, positives: Sequence[Positive], encoder: Encoder, recalled: Iterable[Candidate] = ()
) -> dict[List, float]:
    """What the best of the positives scores in each list: its cosine with the query, by its best passage, whether or
    not it is in the collection; the score in the list of words only where it was recalled.

    vectors: the query's. recalled: candidates that are positives.
    """
    texts = [text for one in positives for text in _passages(one.content.text, encoder)]
    images = [one.content.image for one in positives if one.content.image is not None]
    told: dict[ChannelName, Vectors] = {"text": encoder.encode_texts(texts), "image": encoder.encode_images(images)}
    best: dict[List, float] = {
        (side, channel): float((own @ vector[0]).max())
        for side, vector in vectors.sides()
        for channel, own in told.items()
        if len(own)
    }
    for candidate in recalled:
        for place in candidate.channels:
            key = (place.query, place.channel)
            best[key] = max(best.get(key, place.score), place.score)
    return best


def is_too_close(candidate: Candidate, own: Mapping[List, float], share: float) -> bool:
    """Whether stage 1 scores the candidate above `share` of the best positive's own score (top-k with a percentage of
    the positive's score: Moreira et al., "NV-Retriever", arXiv 2407.15831, section 3).

    The fused scores that order candidates come of ranks and have no such share, so cosines are compared: those of the
    lists by which the candidate was recalled and in which a positive has a score, by their sums; only where there is no
    such list, the scores of the words. Where there is none at all nothing can be said, and the answer is no. A sum that
    is not above 0 is itself the bound.
    """
    shared = [place for place in candidate.channels if (place.query, place.channel) in own]
    compared = [place for place in shared if place.channel != "words"] or shared
    if not compared:
        return False
    bound = sum(own[place.query, place.channel] for place in compared)
    return sum(place.score for place in compared) > (share * bound if bound > 0 else bound)


def whole_text(item: Item) -> str | None:
    """The text that stage 2 reads of an item: what was read off its picture, and its own."""
    return "\n".join(text for text in (item.ocr, item.text) if text) or None


def digest(data: bytes) -> bytes:
    return sha256(data).digest()


def _passages(text: str | None, encoder: Encoder) -> list[str]:
    return [] if text is None else [text[start:stop] for start, stop in split(text, encoder)[:_PASSAGES]]


def _stored(picture: bytes, reader: PictureReader) -> bytes:
    try:
        return reader.read(picture)[1].data
    except InvalidInput:
        return picture
