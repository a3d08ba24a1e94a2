"""Sheets, keys and marks whose figures can be worked out in the head."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support.two_judges import judges, write

from evaluation.ab.comparison import TopOne
from evaluation.review.key import Key, KeyCard, write_key

__all__ = ["judges", "write"]

LEFT = ("base", "tuned", "base", "tuned")
KEY = Key(
    sheet="5ee7",
    base="plain",
    tuned="fine",
    seed=7,
    queries=10,
    differing=5,
    every=False,
    top=TopOne(queries=10, changed=3, better=2, worse=1, base=5, tuned=6),
    cards=tuple(KeyCard(str(number), "new.jsonl", f"query {number}", left) for number, left in enumerate(LEFT, 1)),
)

Pairs = Mapping[str, tuple[int | None, int | None]]
"""Card -> mark of BASE, mark of TUNED."""


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    write_key(path, KEY)
    return path


@pytest.fixture
def marks(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file as the sheet saves it; `changed` replaces fields, to break it."""

    def written(name: str, pairs: Pairs, **changed: object) -> Path:
        sides = {
            card.id: dict(zip(("left", "right"), pair if card.left == "base" else pair[::-1], strict=True))
            for card in KEY.cards
            if (pair := pairs.get(card.id))
        }
        value = {"format": "lychee-review-marks", "version": 1, "sheet": KEY.sheet, "reviewer": name, "marks": sides}
        path = tmp_path / f"marks-{name}-{len(list(tmp_path.iterdir()))}.json"
        path.write_text(json.dumps({**value, **changed}), "utf-8")
        return path

    return written
