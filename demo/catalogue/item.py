"""One item of the catalogue and the stream of them: scenes in families of near-duplicates, seeded."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from demo.catalogue.caption import caption
from demo.catalogue.family import ORIGINAL, near_duplicates
from demo.catalogue.metadata import Metadata, metadata
from demo.catalogue.picture import draw
from demo.catalogue.scene import ALONE, Scene, random_scene
from demo.catalogue.split import Split, has_held_out, split_of
from demo.catalogue.vocabulary import SOLD, WIDE, Language

FAMILY = 4  # items of one family: the original and three near-duplicates


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """id: unique within a run of `generate`, and the same whenever it runs with these arguments.

    family: the id of the family's original. kind: `original`, or what sets it apart from the original (`family.KINDS`).
    """

    id: str
    scene: Scene
    family: str
    kind: str
    metadata: Metadata

    def picture(self) -> Image.Image:
        """RGB, 224 x 224 pixels; the same pixels on every call."""
        return draw(self.scene, self.id)

    def caption(self, language: Language, wording: int) -> str:
        """A sentence about the scene; wordings 0 to 3 name all there is in it, 4 to 8 leave something out."""
        return caption(self.scene, language, wording)


def generate(
    split: Split, count: int, seed: int, *, held_out: bool = False, wide: float = 0.0, alone: float = ALONE
) -> Iterator[CatalogueItem]:
    """`count` items of one split, family by family, no scene twice.

    held_out: every original shows one of the split's pairs of shape and colour that no training scene shows. wide: the
    share of families drawn from more shapes and colours than the shop sells. alone: the share of originals with a
    single group, which are easier to tell apart.
    """
    if held_out and split == "train":
        raise ValueError("no pair is held out of the training scenes for training; held_out wants validation or test")
    rng = random.Random(f"{split}|{seed}|{held_out}")
    seen: set[Scene] = set()
    while len(seen) < count:
        assortment = WIDE if rng.random() < wide else SOLD
        original = random_scene(rng, assortment, alone)
        if split_of(original) != split or original in seen:
            continue
        if held_out and split != "train" and not has_held_out(original, split):
            continue
        name = f"{split}-{seed}-{len(seen):06d}"
        family = [(ORIGINAL, original), *near_duplicates(original, split, rng, assortment).items()][:FAMILY]
        for kind, scene in family:
            if scene not in seen and len(seen) < count:
                item = f"{split}-{seed}-{len(seen):06d}"
                seen.add(scene)
                yield CatalogueItem(item, scene, name, kind, metadata(scene))
