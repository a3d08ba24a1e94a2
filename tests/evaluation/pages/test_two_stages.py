"""The picture of both stages, and what is said where there is nothing to search."""

import pytest
from PIL import Image

from demo.catalogue import evaluation_set
from evaluation.pages.picture_sheet import GAP, TILE
from evaluation.pages.two_stages import COLUMNS, main
from search.cli.main import run as lychee


@pytest.mark.slow
def test_five_pictures_of_each_stage_are_drawn(tmp_path, monkeypatch):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for item in evaluation_set(items=8, queries=1, seed=5).items:
        item.picture().save(pictures / f"{item.id}.png")
    collections = tmp_path / "collections"
    monkeypatch.setenv("LYCHEE_COLLECTIONS", str(collections))
    assert lychee(["index", str(pictures), "--collection", "few"]) == 0
    output = tmp_path / "made" / "two.png"
    main("a red mug", output, collections / "few")
    with Image.open(output) as sheet:
        assert sheet.width == GAP + COLUMNS * (TILE + GAP)
        assert sheet.height > 2 * TILE


def test_a_collection_that_is_not_there_is_said_in_a_sentence(tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main("a red mug", tmp_path / "two.png", tmp_path / "none")
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert not (tmp_path / "two.png").exists()
