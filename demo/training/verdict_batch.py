"""What the reranker is shown in one step: queries, documents among them near-duplicates, and which of them match."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.catalogue.caption import FULL_WORDINGS, WORDINGS, caption
from demo.catalogue.family import ORIGINAL
from demo.catalogue.vocabulary import LANGUAGES
from demo.training.gallery import Gallery
from demo.training.packing import Ask, Side
from demo.training.tasks import INSTRUCTIONS
from demo.training.truth import true_of

DOCUMENTS = 6  # per query: its family, then scenes picked at random
MATCH, UNRELATED, TWICE = "match", "unrelated", "twice"  # twice: two near-duplicates of one original, so two differences


@dataclass(frozen=True, slots=True)
class Told:
    """How a scene is put: as a picture, or as a caption in this wording, speaking of this group where it speaks of one."""

    row: int
    picture: bool
    text: str | None
    wording: int = 0
    group: int = 0

    @property
    def full(self) -> bool:
        return self.picture or self.wording < FULL_WORDINGS

    def side(self) -> Side:
        return Side(self.text, self.row if self.picture else None)


@dataclass(frozen=True, slots=True)
class VerdictBatch:
    """asks: b of them. queries (b,), documents (b, d): rows of the gallery. full: (b,) and (b, d), whether everything in the
    scene is named or seen. right: (b, d). kinds: b lists of d, how each document differs from the query's scene."""

    asks: list[Ask]
    queries: NDArray[np.int64]
    documents: NDArray[np.int64]
    full_queries: NDArray[np.bool_]
    full_documents: NDArray[np.bool_]
    right: NDArray[np.bool_]
    kinds: list[list[str]]


@dataclass(frozen=True, slots=True)
class Mode:
    """query, document: `t` for text, `i` for picture. loose: the share of texts that leave something out."""

    query: str
    document: str
    loose: float = 0.0


def verdict_batch(
    gallery: Gallery,
    families: NDArray[np.int64],
    mode: Mode,
    rng: random.Random,
    size: int,
    documents: int = DOCUMENTS,
    instructions: Sequence[str] = INSTRUCTIONS,
) -> VerdictBatch:
    """`size` queries in this mode, each with its own family and scenes from anywhere as documents, in random order."""
    asks, queries, rows, truths, kinds, full = [], [], [], [], [], []
    for _ in range(size):
        family = rng.randrange(len(families) - 1)
        members = list(range(int(families[family]), int(families[family + 1])))[:documents]
        query_row = rng.choice(members)
        chosen = [*members, *(rng.randrange(len(gallery.items)) for _ in range(documents - len(members)))]
        rng.shuffle(chosen)
        loose = rng.random() < mode.loose
        query = tell(gallery, query_row, mode.query, loose, rng)
        told = [tell(gallery, row, mode.document, loose and mode.query == "i", rng) for row in chosen]
        asks.append(Ask(rng.choice(instructions), query.side(), [one.side() for one in told]))
        queries.append(query_row)
        rows.append(chosen)
        truths.append(_right(gallery, query, told))
        kinds.append([_kind(gallery, query_row, row) for row in chosen])
        full.append([query.full, *(one.full for one in told)])
    flags = np.array(full)
    return VerdictBatch(
        asks, np.array(queries), np.array(rows), flags[:, 0], flags[:, 1:], np.array(truths), kinds
    )


def tell(gallery: Gallery, row: int, how: str, loose: bool, rng: random.Random) -> Told:
    if how == "i":
        return Told(row, True, None)
    scene = gallery.items[row].scene
    wording = rng.randrange(FULL_WORDINGS, WORDINGS) if loose else rng.randrange(FULL_WORDINGS)
    group = rng.randrange(len(scene.groups))
    return Told(row, False, caption(scene, rng.choice(LANGUAGES), wording, group), wording, group)


def _right(gallery: Gallery, query: Told, documents: list[Told]) -> NDArray[np.bool_]:
    """(d,): whichever side leaves something out must be true of the other."""
    slots = gallery.slots
    rows = [one.row for one in documents]
    if query.full:
        wordings, groups = (np.array([getattr(one, name) for one in documents]) for name in ("wording", "group"))
        return true_of(slots[rows], wordings, groups, slots[[query.row]])[:, 0]
    return true_of(slots[[query.row]], np.array([query.wording]), np.array([query.group]), slots[rows])[0]


def _kind(gallery: Gallery, query: int, document: int) -> str:
    ours, theirs = gallery.items[query], gallery.items[document]
    if query == document:
        return MATCH
    if ours.family != theirs.family:
        return UNRELATED
    if ORIGINAL not in (ours.kind, theirs.kind):
        return TWICE
    return theirs.kind if ours.kind == ORIGINAL else ours.kind
