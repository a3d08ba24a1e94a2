"""Where the base of an adapter is found, and what is told where it is not."""

import json
import shutil
from pathlib import Path

import pytest
from support.adapters import WEIGHTS, edited, logits, opened, refusal

from reranker.adapter_files import record_base


class TestWhereTheBaseIs:
    @pytest.fixture
    def home(self, tiny_folder, folder, tmp_path):
        """A base and an adapter in one tree, as a training leaves them."""
        base = shutil.copytree(tiny_folder, tmp_path / "home/models/base")
        tuned = tmp_path / "home/runs/tuned"
        tuned.mkdir(parents=True)
        edited(folder, tuned / "copy", base_model_name_or_path=record_base(str(base), tuned))
        for path in (tuned / "copy").iterdir():
            path.rename(tuned / path.name)
        return tmp_path / "home"

    def test_an_adapter_may_be_moved_alone(self, home, tmp_path):
        moved = shutil.move(home / "runs/tuned", tmp_path / "elsewhere")
        assert logits(opened(moved)).isfinite().all()

    def test_an_adapter_may_be_moved_together_with_its_base(self, home, tmp_path):
        moved = shutil.move(home, tmp_path / "elsewhere")
        assert logits(opened(Path(moved) / "runs/tuned")).isfinite().all()

    def test_a_checkpoint_of_the_training_finds_the_base_as_well(self, home, tmp_path):
        tuned = home / "runs/tuned"
        (tuned / "checkpoint-5").mkdir()
        for name in ("adapter_config.json", WEIGHTS):
            shutil.copy(tuned / name, tuned / "checkpoint-5")
        moved = shutil.move(home, tmp_path / "elsewhere")
        assert logits(opened(Path(moved) / "runs/tuned/checkpoint-5")).isfinite().all()

    def test_a_path_is_one_from_the_adapters_folder(self, home):
        there = edited(home / "runs/tuned", home / "runs/other", base_model_name_or_path="../../models/base")
        assert logits(opened(there)).isfinite().all()

    def test_a_base_that_is_gone_is_named_with_what_to_do(self, home):
        shutil.rmtree(home / "models")
        message = refusal(home / "runs/tuned")
        assert f"the base of the adapter {home / 'runs/tuned'} cannot be had" in message
        assert str(home / "models/base") in message
        assert "base_model_name_or_path" in message

    def test_a_base_of_the_hub_out_of_reach_is_told(self, folder, tmp_path):
        away = edited(folder, tmp_path / "away", base_model_name_or_path="vec-ai/not-downloaded-here")
        assert "the hub cannot be reached" in refusal(away)

    def test_names_are_kept_and_folders_made_absolute(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "base").mkdir()
        (tmp_path / "out").mkdir()
        assert record_base("demo", tmp_path / "out") == "demo"
        assert record_base("vec-ai/lychee-rerank-mm", tmp_path / "out") == "vec-ai/lychee-rerank-mm"
        assert not (tmp_path / "out/base.json").exists()
        assert record_base("base", Path("out")) == str(tmp_path / "base")
        assert json.loads((tmp_path / "out/base.json").read_text()) == {"relative": "../base"}

    @pytest.mark.parametrize("base", ["~nobody/x", "a\0b", "x" * 5000, "./a", "../nowhere"])
    def test_paths_that_no_system_has_are_refused(self, folder, tmp_path, base):
        assert str(tmp_path) in refusal(edited(folder, tmp_path / "odd", base_model_name_or_path=base))

    @pytest.mark.parametrize("base", [None, "", 5, ["a"]])
    def test_an_adapter_without_a_base_is_refused(self, folder, tmp_path, base):
        assert "names no base" in refusal(edited(folder, tmp_path / "odd", base_model_name_or_path=base))

    def test_an_adapter_on_an_adapter_is_refused(self, folder, tmp_path):
        twice = edited(folder, tmp_path / "twice", base_model_name_or_path=str(folder))
        assert "merge that first" in refusal(twice)
