"""What the demo folder holds besides scenes: labels with printed text, told by their metadata alone."""

import json

import pytest
from PIL import Image

from demo.catalogue.folder import write_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "catalogue"
    assert write_folder(folder, 200, seed=1)
    return folder


def rows_of(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "items.jsonl").read_text(encoding="utf-8").splitlines()]


def test_one_item_in_fifty_is_a_picture_of_a_label(folder):
    rows = rows_of(folder)
    found = [row for row in rows if row["category"] == "label"]
    assert len(rows) == len({row["id"] for row in rows}) == 200
    assert len(found) == 4
    assert len({row["printed"] for row in found}) == 4
    for row in found:
        assert {"id", "image", "printed", "kind"} <= set(row)
        assert not {"text", "caption_en", "caption_zh"} & set(row)
        with Image.open(folder / row["image"]) as picture:
            assert (picture.mode, picture.size) == ("RGB", (224, 224))


def test_scenes_keep_their_captions_and_come_first(folder):
    rows = rows_of(folder)
    kinds = ["label" if "printed" in row else "text" if "text" in row else "scene" for row in rows]
    assert kinds == ["scene"] * 166 + ["label"] * 4 + ["text"] * 30
    assert all({"caption_en", "caption_zh"} <= set(row) for row in rows[:166])
    assert rows[0]["id"] == "readme-0"


@pytest.mark.parametrize(("items", "labels"), [(1, 0), (19, 0), (20, 1), (60, 1)])
def test_small_folders_have_a_label_from_twenty_items_on(tmp_path, items, labels):
    write_folder(tmp_path / "catalogue", items, seed=1)
    rows = rows_of(tmp_path / "catalogue")
    assert len(rows) == items
    assert sum("printed" in row for row in rows) == labels
    assert rows[0]["id"] == "readme-0"


def test_the_same_catalogue_of_an_earlier_version_is_drawn_anew_and_nothing_else_is_touched(tmp_path):
    folder = tmp_path / "catalogue"
    write_folder(folder, 20, seed=1)
    stamp = json.loads((folder / "catalogue.json").read_text())
    (folder / "items.jsonl").write_text("old")
    (folder / "catalogue.json").write_text(json.dumps({**stamp, "version": stamp["version"] - 1}))
    with pytest.raises(FileExistsError, match="--force"):
        write_folder(folder, 21, seed=1)
    assert (folder / "items.jsonl").read_text() == "old"
    assert write_folder(folder, 20, seed=1)
    assert len(rows_of(folder)) == 20
    (folder / "catalogue.json").unlink()
    with pytest.raises(FileExistsError, match="--force"):
        write_folder(folder, 20, seed=1)
