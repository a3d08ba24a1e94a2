"""A first look at all candidates with few pixels, so that only the best are read in full. Knows no collections and no
models."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol, TypeVar, runtime_checkable

from content import Content, Document
from content.errors import InvalidInput
from reranker.protocol import Judgement, Reranker
from search.observer import Observer
from search.stage2 import judge
from search.worker import Lane

Key = TypeVar("Key")


@runtime_checkable
class AtPixels(Protocol):
    """A reranker that reads documents' pictures with as few pixels as it is told."""

    @property
    def max_pixels(self) -> int:
        """What a document's picture is scaled to where it has more."""

    def at_pixels(self, max_pixels: int) -> Reranker:
        """The same judge with another bound. Raises InvalidInput for one that is too small."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """pixels: what a document's picture has at most at the first look. keep: how many are then read in full."""

    pixels: int
    keep: int

    def check(self, top_k: int) -> None:
        """Raises InvalidInput where more hits are asked for than are read in full: scores of both looks do not
        compare."""
        if top_k > self.keep:
            raise InvalidInput(
                f"{top_k:,} hits were asked for, and after the first look {self.keep:,} pictures are read in full; ask "
                "for fewer, or raise the setting first_look_keep",
                param="top_k",
            )

    def view(self, reranker: Reranker) -> Reranker:
        """What looks first. Raises InvalidInput for a reranker that cannot, and for pixels that are no fewer."""
        if not isinstance(reranker, AtPixels):
            raise InvalidInput("this judge cannot look first: only the judge yes-no can", param="first_look_pixels")
        if self.pixels >= reranker.max_pixels:
            raise InvalidInput(
                f"the first look has {self.pixels:,} pixels, and {reranker.name} reads pictures with at most "
                f"{reranker.max_pixels:,} anyway; the first look needs fewer",
                param="first_look_pixels",
            )
        return reranker.at_pixels(self.pixels)


@dataclass(frozen=True, slots=True)
class Looked:
    """kept: places, rising: all documents without pictures, and the best pictures. pictured: the places of those looked
    at. judgements: of these; they are no scores for anybody. warnings: what happened, in a sentence; none where nothing
    was left out."""

    kept: Sequence[int]
    pictured: Sequence[int] = ()
    judgements: Sequence[Judgement] = ()
    warnings: tuple[str, ...] = ()


def first_look(pixels: int, keep: int) -> FirstLook | None:
    """As the settings of these names have it: no pixels switch it off."""
    return FirstLook(pixels, keep) if pixels else None


def look(
    plan: FirstLook,
    lane: Lane,
    reranker: Reranker,
    instruction: str,
    query: Content,
    keys: Sequence[Key],
    read: Callable[[Sequence[Key]], Sequence[Document]],
    observer: Observer,
    has_picture: Callable[[Key], bool],
) -> Looked:
    """Which of the documents are worth reading. Ties are decided by the order of the keys.

    Documents without pictures cost the same at any number of pixels, so they are not looked at; nor are pictures where
    there are no more than are kept. Otherwise as `search.stage2.judge`.
    """
    pictured = [place for place, key in enumerate(keys) if has_picture(key)]
    if len(pictured) <= plan.keep:
        return Looked(range(len(keys)))
    begin = perf_counter()
    found = judge(lane, plan.view(reranker), instruction, query, [keys[place] for place in pictured], read, observer)
    left_out = {pictured[at] for at in best_first(found)[plan.keep :]}
    told = (
        f"first_look: {len(pictured):,} pictures were looked at with at most {plan.pixels:,} pixels each in "
        f"{1000 * (perf_counter() - begin):,.0f} ms; the best {plan.keep:,} of them were read in full, and the other "
        f"{len(left_out):,} are no hits"
    )
    return Looked([place for place in range(len(keys)) if place not in left_out], pictured, found, (told,))


def best_first(judgements: Sequence[Judgement]) -> list[int]:
    """Their places by falling score; of equal ones the first place."""
    return sorted(range(len(judgements)), key=lambda place: (-judgements[place].score, place))
