"""What the reranker is shown in one step: queries, documents among them near-duplicates, and which of them match."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demo.catalogue.caption import FULL_WORDINGS, caption
from demo.catalogue.family import ORIGINAL
from demo.catalogue.vocabulary import LANGUAGES
from demo.training.gallery import Gallery
from demo.training.neighbours import Neighbours
from demo.training.packing import Ask, Side
from demo.training.saying import UNSAID, agreement, said
from demo.training.slots import Slots
from demo.training.strange import strange, strange_slots
from demo.training.tasks import INSTRUCTIONS
from demo.training.truth import true_of

DOCUMENTS = 6  # per query: its family, then a neighbour and a scene picked at random
_LOOSE = (4, 4, 4, 5, 5, 5, 6, 7, 7, 8, 8)  # wordings; what is said of two groups is the hardest to judge
_LETTERS = "abcdefghijklmnopqrstuvwxyz猫狗车山水海天花树人手机电脑音乐"
_KNOWN = (
    "a",
    "the",
    "of",
    "on",
    "with",
    "in",
    "two",
    "red",
    "blue",
    "green",
    "wooden",
    "table",
    "left",
    "picture",
    "cat",
)
MATCH, UNRELATED, TWICE, ODD = "match", "unrelated", "twice", "odd"
"""twice: two near-duplicates of one original, so two differences. odd: one of both made strange."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a scene is put: as a picture (a row of the features), as a caption, or both.

    wording, group: of the caption where it stands alone. odd: made strange. alien: the text is about no
    scene at all.
    """

    row: int
    picture: int | None
    text: str | None
    wording: int = 0
    group: int = 0
    odd: bool = False
    alien: bool = False

    @property
    def full(self) -> bool:
        return not self.alien and (self.picture is not None or self.wording < FULL_WORDINGS)

    def side(self) -> Side:
        return Side(self.text, self.picture)


@dataclass(frozen=True, slots=True)
class VerdictBatch:
    """asks: b of them. queries (b, 10), documents (b, d, 10): the slots that each says, UNSAID and UNKNOWN among them.
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
    documents' texts, where the query is a picture) leaves something out. alien: the share of rows that hold a text
    about no scene at all. odd_query, odd_document: the share of rows whose query, or one of whose documents, is made
    strange."""

    query: str
    document: str
    loose: float = 0.0
    alien: float = 0.0
    odd_query: float = 0.0
    odd_document: float = 0.0


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
        if told.alien:
            return np.full_like(row, UNSAID)
        if told.odd:
            made: Slots = strange_slots([self._gallery.items[told.row]], row[None])[0]
            return made
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
            near = len(members) % 2 == 0
            members.append(self._neighbours.one(row, rng, below) if near else rng.randrange(below))
        rng.shuffle(members)
        loose, alien = rng.random() < mode.loose, rng.random() < mode.alien
        query = self._tell(row, mode.query, loose, rng, len(self._gallery.items) if twice else 0)
        told = [self._tell(one, mode.document, loose and mode.query == "i", rng) for one in members]
        if alien and mode.query == "t":
            query = replace(query, text=alien_text(rng), alien=True)
        elif alien and mode.document == "t":
            told[0] = replace(told[0], text=alien_text(rng), alien=True)
        elif rng.random() < mode.odd_query:
            query = self._tell_odd(query, mode.query, rng)
        elif rng.random() < mode.odd_document:
            told[-1] = self._tell_odd(query if rng.random() < 0.5 else told[-1], mode.document, rng)
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

    def _tell_odd(self, model: Told, how: str, rng: random.Random) -> Told:
        """The scene of `model` made strange, or another where the gallery has no picture of it."""
        row = model.row if model.row < self._gallery.odd else rng.randrange(self._gallery.odd)
        scene = strange(self._gallery.items[row]).scene
        text = caption(scene, rng.choice(LANGUAGES), rng.randrange(FULL_WORDINGS)) if "t" in how else None
        return Told(row, self._gallery.first_odd + row if "i" in how else None, text, odd=True)


def alien_text(rng: random.Random) -> str:
    """Words that are about no scene: other things, other ways to put them, or mere letters."""
    words = ["".join(rng.choice(_LETTERS) for _ in range(rng.randrange(2, 9))) for _ in range(rng.randrange(1, 6))]
    words += rng.sample(_KNOWN, rng.randrange(0, 5))
    rng.shuffle(words)
    return " ".join(words)


def _right(gallery: Gallery, query: Told, documents: list[Told]) -> NDArray[np.bool_]:
    """(d,): whichever side leaves something out must be true of the other."""
    slots = gallery.slots
    rows = [one.row for one in documents]
    sound = np.array([not (one.alien or query.alien or one.odd or query.odd) for one in documents])
    if query.full:
        wordings, groups = (np.array([getattr(one, name) for one in documents]) for name in ("wording", "group"))
        fits = true_of(slots[rows], wordings, groups, slots[[query.row]])[:, 0]
    else:
        fits = true_of(slots[[query.row]], np.array([query.wording]), np.array([query.group]), slots[rows])[0]
    right: NDArray[np.bool_] = np.logical_and(fits, sound)
    return right


def _kind(gallery: Gallery, query: Told, document: Told) -> str:
    ours, theirs = gallery.items[query.row], gallery.items[document.row]
    if query.odd or document.odd:
        return ODD
    if query.row == document.row:
        return MATCH
    if ours.family != theirs.family:
        return UNRELATED
    if ORIGINAL not in (ours.kind, theirs.kind):
        return TWICE
    return theirs.kind if ours.kind == ORIGINAL else ours.kind
