"""Examples of the catalogue's own domain: some to rehearse, some to see what is forgotten. Knows no files."""

import random
from typing import Final

from demo.catalogue.caption import FULL_WORDINGS, caption, fits
from demo.catalogue.family import near_duplicates
from demo.catalogue.scene import Scene, random_scene
from demo.catalogue.split import Split, split_of
from demo.catalogue.vocabulary import Language
from reranker.examples.example import Example, Side

INSTRUCTION: Final = "Given a user's search query, rank products by visual and textual relevance"
_LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_WORDINGS: Final = 8  # the ninth leaves so much out that the judge is weak at it


def rehearsed(triples: int, documents: int, rng: random.Random) -> list[Example]:
    """As many examples of the training split, `documents` to a query."""
    return _examples("train", triples // documents, documents, rng)


def remembered(seed: int, queries: int = 80) -> list[Example]:
    """Queries of the test split with ten documents each, near-duplicates first of all."""
    return _examples("test", queries, 10, random.Random(f"remembered|{seed}"))


def _examples(split: Split, queries: int, documents: int, rng: random.Random) -> list[Example]:
    found: dict[str, list[Example]] = {}
    while len(found) < queries:
        scene = _of(split, rng)
        language, wording, group = rng.choice(_LANGUAGES), rng.randrange(_WORDINGS), rng.randrange(len(scene.groups))
        query = caption(scene, language, wording, group)
        examples = [
            Example(INSTRUCTION, Side(query), Side(_told(one, query, rng)), float(fits(query, language, wording, one)))
            for one in _candidates(scene, split, documents, rng)
        ]
        if query not in found and any(example.score == 0 for example in examples):
            found[query] = examples
    return [example for group in found.values() for example in group]


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
