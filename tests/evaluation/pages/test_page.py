"""The page shows the figures of the JSON, and the queries that its rule names, framed where they are right."""

from dataclasses import replace

import pytest
from PIL import Image

from content.errors import InvalidInput
from demo.catalogue import evaluation_set
from evaluation.conditions import Conditions
from evaluation.demo.outcome import Judged, outcome
from evaluation.demo.pairs import Pair, Task
from evaluation.demo.plan import Plan
from evaluation.demo.result import Result, Setup
from evaluation.demo.sides import document_text, fingerprint, query_text
from evaluation.demo.transcript import Transcript
from evaluation.pages.page import write
from evaluation.pages.picture_sheet import ACCENT, GAP, TILE
from evaluation.pages.showcase import broken, examples, repaired

DATA = evaluation_set(items=48, queries=12, seed=5)
ITEMS = {item.id: item for item in DATA.items}
RIGHT = [DATA.items[index].id for index in DATA.queries]
NEXT = [DATA.items[index + 1].id for index in DATA.queries]
SETUP = Setup("demo", "e" * 32, "demo", "r" * 32, items=48, seed=5, catalogue=fingerprint(DATA.items), depth=50)
CONDITIONS = Conditions(
    platform="Linux x86_64",
    processor="Abacus 2000",
    cores=2,
    threads=1,
    device="cpu",
    dtype="float32",
    python="3.12.1",
    versions={"torch": "2.0"},
    commit="a1b2c3",
    options={"items": 48, "rows": ["T->I en"], "encoder": "demo"},
    seconds=61.2,
)
LEFT = GAP  # of the first picture of a row


def row(pair: Pair, language, orders="rrrrbbbbssss") -> Result:
    """One letter per query: repaired, broken, or the same in both stages."""
    found = []
    for right, other, order in zip(RIGHT, NEXT, orders, strict=True):
        first, second = (other, right) if order == "r" else (right, other)
        scores = {"r": (0.2, 0.9), "b": (0.3, 0.8), "s": (0.9, 0.1)}[order]
        judged = [Judged(one, score) for one, score in zip((first, second), scores, strict=True)]
        found.append(outcome(right, {}, judged, Plan(50, 50)))
    return Result(Task(pair, language), 50, tuple(found))


RUN = Transcript(
    SETUP,
    (CONDITIONS,),
    tuple(row(pair, language) for pair in (Pair("T", "I"), Pair("I", "T")) for language in ("en", "zh")),
)


def test_examples_are_the_first_of_each_row_in_the_order_of_the_seed():
    found = examples(RUN.results, Pair("T", "I"), repaired, 50)
    assert [(one.outcome.query, one.language) for one in found] == [
        *((query, "en") for query in RIGHT[:3]),
        *((query, "zh") for query in RIGHT[:3]),
    ]
    assert [one.outcome.query for one in examples(RUN.results, Pair("I", "T"), broken, 50)] == RIGHT[4:7] * 2


def test_the_page_shows_figures_facts_queries_and_only_pictures_that_exist(tmp_path):
    write(RUN, tmp_path)
    page = (tmp_path / "evaluation.md").read_text("utf-8")
    assert "| T->I | en | stage 1 | 0.667<br>" in page  # 8 of 12
    assert SETUP.catalogue in page
    assert "1 row in 61 s on Abacus 2000 (Linux x86_64, 2 cores, 1 thread), device cpu, stage 2 in float32" in page
    assert "torch 2.0; commit a1b2c3; options: items 48, encoder demo" in page
    assert "12 queries of 50 candidates (T->I en, T->I zh, I->T en, I->T zh)" in page
    assert f"1. {query_text(ITEMS[RIGHT[0]], 'en')}" in page
    assert f"4. {query_text(ITEMS[RIGHT[0]], 'zh')}" in page
    assert f"**{document_text(ITEMS[RIGHT[4]], 'zh')}**<br>P(yes) = 0.30" in page
    named = {part.split(")")[0] for part in page.split("](images/")[1:]}
    assert named == {path.name for path in (tmp_path / "images").iterdir()}
    assert len(named) == 4


def test_the_right_item_is_framed_in_the_row_of_the_stage_that_has_it_first(tmp_path):
    write(RUN, tmp_path)
    for name, framed_row in (("repaired", 1), ("broken", 0)):
        sheet = Image.open(tmp_path / "images" / f"evaluation-{name}-text-to-picture.png").convert("RGB")
        height = 2 * 26 + TILE + GAP
        frames = [sheet.getpixel((LEFT - 2, GAP + 26 + row * height + TILE // 2)) for row in (0, 1)]
        accent = tuple(bytes.fromhex(ACCENT[1:]))
        assert [frame == accent for frame in frames] == [framed_row == 0, framed_row == 1]


def test_pictures_of_an_earlier_page_go_and_others_stay(tmp_path):
    write(RUN, tmp_path)
    (tmp_path / "images" / "two-stages.png").write_bytes(b"other")
    calm = Transcript(SETUP, (CONDITIONS,), (row(Pair("T", "I"), "en", "s" * 12),))
    write(calm, tmp_path)
    assert [path.name for path in (tmp_path / "images").iterdir()] == ["two-stages.png"]
    assert "first place stage 2 changed" not in (tmp_path / "evaluation.md").read_text("utf-8")


def test_runs_on_another_catalogue_are_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(InvalidInput, match="another catalogue than this checkout draws"):
        write(replace(RUN, setup=replace(SETUP, catalogue="0" * 32)), tmp_path)
    assert list(tmp_path.iterdir()) == []
