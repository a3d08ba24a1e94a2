"""What the reranker is shown in one step: queries, documents among them near-duplicates, and which of them match."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demo.catalogue.caption import FULL_WORDINGS, caption
from demo.catalogue.family import ORIGINAL
from demo.catalogue.vocabulary import LANGUAGES
from demo.training.foreign import foreign_text, garbled
from demo.training.gallery import Gallery
from demo.training.neighbours import Neighbours
from demo.training.packing import Ask, Side
from demo.training.saying import UNSAID, agreement, said
from demo.training.slots import Slots
from demo.training.tasks import INSTRUCTIONS
from demo.training.truth import true_of

DOCUMENTS = 6  # per query: its family, then a neighbour and a scene picked at random
_LOOSE = (4, 4, 4, 5, 5, 5, 6, 7, 7, 8, 8)  # wordings; what is said of two groups is the hardest to judge
MATCH, UNRELATED, TWICE, FOREIGN = "match", "unrelated", "twice", "foreign"
"""twice: two near-duplicates of one original, so two differences. foreign: one of both is about no scene."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a scene is put: as a picture (a row of the features: pictures first, then labels), as a caption, or both.

    wording, group: of the caption where it stands alone. foreign: it is about no scene that can be drawn.
    """

    row: int
    picture: int | None
    text: str | None
    wording: int = 0
    group: int = 0
    foreign: bool = False

    @property
    def full(self) -> bool:
        return not self.foreign and (self.picture is not None or self.wording < FULL_WORDINGS)

    def side(self) -> Side:
        return Side(self.text, self.picture)


@dataclass(frozen=True, slots=True)
class VerdictBatch:
    """asks: b of them. queries (b, 10), documents (b, d, 10): the slots that each says, UNSAID among them.
    agreement (b, d, 10): 1, 0 or UNSAID. right (b, d). kinds: b lists of d, how each document differs from the query's
    scene."""

    asks: list[Ask]
    queries: Slots
    documents: Slots
    agreement: Slots
    right: NDArray[np.bool_]
    kinds: list[list[str]]


@dataclass(frozen=True, slots=True)
class Mode:
    """query, document: `t` for text, `i` for picture, `it` for both. loose: the share of queries whose text (or whose
    documents' texts, where the query is a picture) leaves something out. foreign: the share of rows whose query, or
    one of whose documents, is about no scene that can be drawn."""

    query: str
    document: str
    loose: float = 0.0
    foreign: float = 0.0


class VerdictBatches:
    """Draws batches from one gallery."""

    def __init__(self, gallery: Gallery, instructions: Sequence[str] = INSTRUCTIONS) -> None:
        self._gallery, self._instructions = gallery, instructions
        self._families, self._neighbours = gallery.families(), Neighbours(gallery)

    def draw(self, mode: Mode, rng: random.Random, size: int, documents: int = DOCUMENTS) -> VerdictBatch:
        """`size` queries, each with its family, a neighbour and a scene from anywhere as documents, in random order."""
        drawn = [self._group(mode, rng, documents) for _ in range(size)]
        asks, told, rights, kinds = [], [], [], []
        for query, others in drawn:
            asks.append(Ask(rng.choice(self._instructions), query.side(), [one.side() for one in others]))
            told.append([query, *others])
            rights.append(_right(self._gallery, query, others))
            kinds.append([_kind(self._gallery, query, one) for one in others])
        slots = np.array([[self._said(one) for one in line] for line in told])
        loose = np.array([[not one.full for one in line] for line in told])
        agreed = agreement(slots[:, :1], slots[:, 1:], loose[:, :1] | loose[:, 1:])
        return VerdictBatch(asks, slots[:, 0], slots[:, 1:], agreed, np.array(rights), kinds)

    def _said(self, told: Told) -> Slots:
        row = self._gallery.slots[told.row]
        if told.foreign:
            return np.full_like(row, UNSAID)
        return said(row, told.wording, told.group)

    def _group(self, mode: Mode, rng: random.Random, documents: int) -> tuple[Told, list[Told]]:
        twice = "i" in mode.query and "i" in mode.document  # then the query's picture must be another drawing
        below = self._gallery.again if twice else len(self._gallery.items)
        family = rng.randrange(len(self._families) - 1)
        while self._families[family + 1] > below:
            family = rng.randrange(len(self._families) - 1)
        members = list(range(int(self._families[family]), int(self._families[family + 1])))[:documents]
        row = rng.choice(members)
        while len(members) < documents:
            near = self._neighbours.one(row, rng, below) if len(members) % 2 == 0 else row
            members.append(near if near != row else rng.randrange(below))
        rng.shuffle(members)
        loose = rng.random() < mode.loose
        query = self._tell(row, mode.query, loose, rng, len(self._gallery.items) if twice else 0)
        told = [self._tell(one, mode.document, loose and mode.query == "i", rng) for one in members]
        if rng.random() < mode.foreign:
            if rng.random() < 0.5:
                query = self._made_foreign(query, rng)
            else:
                told[-1] = self._made_foreign(told[-1], rng)
        return query, told

    def _tell(self, row: int, how: str, loose: bool, rng: random.Random, offset: int = 0) -> Told:
        picture = row + offset if "i" in how else None
        if how == "i":
            return Told(row, picture, None)
        scene = self._gallery.items[row].scene
        wording = rng.choice(_LOOSE) if loose else rng.randrange(FULL_WORDINGS)
        group = rng.randrange(len(scene.groups))
        text = caption(scene, rng.choice(LANGUAGES), wording, group)
        return Told(row, picture, text, *((wording, group) if picture is None else ()))

    def _made_foreign(self, told: Told, rng: random.Random) -> Told:
        """A label instead of the picture; the text with one word made up, or about nothing at all."""
        picture, text = told.picture, told.text
        if picture is not None and len(self._gallery.labels):
            picture = len(self._gallery.pictures) + rng.randrange(len(self._gallery.labels))
        if text is not None:
            scene = self._gallery.items[told.row].scene
            text = garbled(text, scene, rng) if picture is None and rng.random() < 0.6 else foreign_text(rng)
        return replace(told, picture=picture, text=text, foreign=True)


def _right(gallery: Gallery, query: Told, documents: list[Told]) -> NDArray[np.bool_]:
    """(d,): whichever side leaves something out must be true of the other."""
    slots = gallery.slots
    rows = [one.row for one in documents]
    sound = np.array([not (one.foreign or query.foreign) for one in documents])
    if query.full:
        wordings, groups = (np.array([getattr(one, name) for one in documents]) for name in ("wording", "group"))
        fits = true_of(slots[rows], wordings, groups, slots[[query.row]])[:, 0]
    else:
        fits = true_of(slots[[query.row]], np.array([query.wording]), np.array([query.group]), slots[rows])[0]
    right: NDArray[np.bool_] = np.logical_and(fits, sound)
    return right


def _kind(gallery: Gallery, query: Told, document: Told) -> str:
    ours, theirs = gallery.items[query.row], gallery.items[document.row]
    if query.foreign or document.foreign:
        return FOREIGN
    if query.row == document.row:
        return MATCH
    if ours.family != theirs.family:
        return UNRELATED
    if ORIGINAL not in (ours.kind, theirs.kind):
        return TWICE
    return theirs.kind if ours.kind == ORIGINAL else ours.kind
