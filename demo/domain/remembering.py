"""Examples of the catalogue's own domain: some to rehearse, some to see what is forgotten. Knows no files."""

import random
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final, Literal

from demo.catalogue.caption import FULL_WORDINGS, caption, fits
from demo.catalogue.family import near_duplicates
from demo.catalogue.scene import Scene, random_scene
from demo.catalogue.split import Split, split_of
from demo.catalogue.vocabulary import Language
from demo.domain.album import Album
from reranker.examples.example import Example, Side

Way = Literal["T->T", "T->I", "I->T"]
WAYS: Final[tuple[Way, ...]] = ("T->T", "T->I", "I->T")

_SEARCH: Final = "Given a user's search query, rank products by visual and textual relevance"
INSTRUCTIONS: Final[dict[Way, str]] = {
    "T->T": _SEARCH,
    "T->I": _SEARCH,
    "I->T": "Given an image, retrieve texts that describe it",
}
_LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_WORDINGS: Final = 8  # the ninth leaves so much out that the judge is weak at it


def rehearsed(triples: int, documents: int, rng: random.Random, album: Album) -> list[Example]:
    """As many examples of the training split, `documents` to a query."""
    return _examples("train", triples // documents, documents, rng, album)


def remembered(seed: int, album: Album, queries: int = 90) -> list[Example]:
    """Queries of the test split with ten documents each, near-duplicates first of all: a third of each way."""
    return _examples("test", queries, 10, random.Random(f"remembered|{seed}"), album)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query: the scene that it is about, and how a text speaks of it."""

    way: Way
    scene: Scene
    language: Language
    wording: int
    group: int

    @property
    def text(self) -> str:
        return caption(self.scene, self.language, self.wording, self.group)

    def score(self, other: Scene) -> float:
        """Whether another scene answers it."""
        if self.way == "I->T":
            return float(other == self.scene)
        return float(fits(self.text, self.language, self.wording, other))


def _examples(split: Split, queries: int, documents: int, rng: random.Random, album: Album) -> list[Example]:
    found: dict[Side, list[Example]] = {}
    for way in islice(cycle(WAYS), queries):
        group = None
        while group is None or group[0].query in found:
            group = _group(way, split, documents, rng, album)
        found[group[0].query] = group
    return [example for group in found.values() for example in group]


def _group(way: Way, split: Split, documents: int, rng: random.Random, album: Album) -> list[Example] | None:
    """None where every document answers the query."""
    scene = _of(split, rng)
    language, wording, group = rng.choice(_LANGUAGES), rng.randrange(_WORDINGS), rng.randrange(len(scene.groups))
    asked = _Asked(way, scene, language, wording, group)
    candidates = _candidates(scene, split, documents, rng)
    if all(asked.score(one) for one in candidates):
        return None
    query = Side(image=album.path(scene)) if way == "I->T" else Side(asked.text)
    return [
        Example(INSTRUCTIONS[way], query, _document(way, one, asked.text, rng, album), asked.score(one))
        for one in candidates
    ]


def _document(way: Way, scene: Scene, query: str, rng: random.Random, album: Album) -> Side:
    return Side(image=album.path(scene)) if way == "T->I" else Side(_told(scene, query, rng))


def _candidates(scene: Scene, split: Split, count: int, rng: random.Random) -> list[Scene]:
    near = list(near_duplicates(scene, split, rng).values())
    chosen = dict.fromkeys([scene, *near][:count])
    while len(chosen) < count:
        chosen[_of(split, rng)] = None
    return rng.sample(list(chosen), count)


def _of(split: Split, rng: random.Random) -> Scene:
    scene = random_scene(rng)
    while split_of(scene) != split:
        scene = random_scene(rng)
    return scene


def _told(scene: Scene, query: str, rng: random.Random) -> str:
    """A caption that fits no other scene, in other words than the query."""
    told = query
    while told == query:
        told = caption(scene, rng.choice(_LANGUAGES), rng.randrange(FULL_WORDINGS))
    return told
