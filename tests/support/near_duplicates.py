"""Four scenes of the demo catalogue of which one is what the README's query asks for, as pictures and in words."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from demo.catalogue.folder import write_folder

SCENES = 4
TIE = 0.005  # between closer ones the order of the request stands
QUERY = "two red striped mugs next to a blue bag"
BEST = 2
"""The place of the scene that the query is true of."""


@dataclass(frozen=True, slots=True)
class Near:
    """ids, captions, files, pictures: of the same scenes in the same order. pictures: as data URIs."""

    ids: tuple[str, ...]
    captions: tuple[str, ...]
    files: tuple[Path, ...]
    pictures: tuple[str, ...]


def draw(folder: Path) -> Near:
    write_folder(folder / "catalogue", 5, seed=1)
    lines = (folder / "catalogue" / "items.jsonl").read_text("utf-8").splitlines()
    original, *others = (row for row in map(json.loads, lines) if "image" in row)
    rows = [*others[:BEST], original, *others[BEST : SCENES - 1]]
    files = tuple(folder / "catalogue" / row["image"] for row in rows)
    return Near(
        ids=tuple(row["id"] for row in rows),
        captions=tuple(row["caption_en"] for row in rows),
        files=files,
        pictures=tuple(f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}" for file in files),
    )


def check(order: Sequence[int], scores: Sequence[float], *, asked: int | None = None) -> None:
    """The scene that the query asks for is first, and the reranker is sure of it: so both sides were read as meant.

    asked: how many results were asked for; None for all.
    """
    told = f"{order}: {scores}"
    assert order[0] == BEST, told
    assert 1 >= scores[0] > 0.5 > max(scores[1:]) >= 0, told
    assert all(after <= before + TIE for before, after in pairwise(scores)), told
    assert len(set(order)) == len(order) == len(scores) == (asked or SCENES), told
