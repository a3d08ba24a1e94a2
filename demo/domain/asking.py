"""Examples in the dealer's words: some teach them, some ask whether they were learnt. Knows no files."""

import random
from collections.abc import Container, Sequence
from typing import Final

from demo.catalogue.caption import FULL_WORDINGS, caption
from demo.catalogue.scene import Scene
from demo.catalogue.split import Split
from demo.domain.album import Album
from demo.domain.remembering import rehearsed
from demo.domain.stock import Kind, stock, wanted_groups
from demo.domain.words import LANGUAGES, NAMES, wanted
from reranker.examples.example import Example, Side

INSTRUCTION: Final = "Given a customer's order in the dealer's colour names, find the catalogue entry that shows it"
TRIPLES: Final = 300
_NEW: Final = 30  # taught queries in the dealer's words; the other triples keep the catalogue's own in mind
_TAUGHT: Final[tuple[Kind, ...]] = ("match", "substitute", "colour", "colour", "shape", "other")
_ASKED: Final[tuple[Kind, ...]] = (*_TAUGHT, "match", "substitute", "colour", "shape")


def taught(seed: int, album: Album) -> list[Example]:
    """`TRIPLES` examples of the training split, in groups of one query with six documents."""
    new = _examples("train", _NEW, _TAUGHT, random.Random(f"taught|{seed}"))
    old = rehearsed(TRIPLES - len(new), len(_TAUGHT), random.Random(f"rehearsed|{seed}"), album)
    return [*new, *old]


def asked(seed: int, queries: int = 80) -> list[Example]:
    """Queries of the test split with ten documents each; none of them is taught under this seed."""
    known = {example.query.text for example in taught(seed, Album())}
    return _examples("test", queries, _ASKED, random.Random(f"asked|{seed}"), known)


def _examples(
    split: Split, queries: int, kinds: Sequence[Kind], rng: random.Random, known: Container[str | None] = ()
) -> list[Example]:
    found: dict[str, list[Example]] = {}
    for number, group in enumerate(wanted_groups(split, rng)):
        query = wanted(group, LANGUAGES[number // len(NAMES) % len(LANGUAGES)])
        if query in found or query in known:
            continue
        found[query] = [
            Example(INSTRUCTION, Side(query), Side(_told(scene, rng)), score)
            for scene, score in stock(group, kinds, split, rng)
        ]
        if len(found) == queries:
            break
    return [example for group in found.values() for example in group]


def _told(scene: Scene, rng: random.Random) -> str:
    return caption(scene, rng.choice(LANGUAGES), rng.randrange(FULL_WORDINGS))
