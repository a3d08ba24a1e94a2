"""The recipe of the demo models in miniature: easier scenes, the same stages, from nothing to folders that load."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from transformers import Qwen2_5_VLForConditionalGeneration

import demo
from demo.train import main as train
from demo.training.loop import Schedule
from demo.training.making import Recipe, make_encoder, make_reranker

SHIPPED = Path(demo.__file__).parent / "models"


def _schedule(steps: int) -> Schedule:
    return Schedule(steps=steps, rate=1.5e-3, warm_up=20, fall=0.3, report_every=5, check_every=10_000)


MINIATURE = Recipe(
    train=2000,
    validation=200,
    wide=0.0,
    alone=0.6,
    encoder=_schedule(30),
    sight=_schedule(60),
    verdict=_schedule(200),
)


pytestmark = pytest.mark.timeout(900)  # two minutes of training where nothing else runs


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("miniature")
    make_encoder(folder / "runs", folder / "encoder", MINIATURE)
    make_reranker(folder / "runs", folder / "reranker", MINIATURE)
    return folder


@pytest.mark.slow
def test_the_losses_fall_and_the_models_beat_chance_on_what_is_easiest(made):
    encoder, reranker = (json.loads((made / name / "training.json").read_text()) for name in ("encoder", "reranker"))
    _falls(encoder["curve"], to=0.9)
    sight = [line for line in reranker["curve"] if "cells" in line.get("mean", {})]
    verdict = [line for line in reranker["curve"] if "verdict" in line.get("mean", {})]
    _falls(sight, to=0.7)
    _falls(verdict, to=0.8)
    recall = encoder["figures"]["validation"]
    assert recall["en t2i @50"] > 0.6  # by chance 50 of 200 items
    judged = reranker["figures"]["validation"]
    assert judged["t>t unrelated"] > 0.65  # by chance 0.5, with a standard error of 0.04
    assert judged["i>t unrelated"] > 0.65


@pytest.mark.slow
def test_what_is_made_loads_like_what_is_shipped(made):
    open_clip.create_model_from_pretrained(f"local-dir:{made / 'encoder'}")
    assert Qwen2_5_VLForConditionalGeneration.from_pretrained(made / "reranker").dtype == torch.bfloat16
    for name in ("encoder", "reranker"):
        assert {path.name for path in (made / name).iterdir()} == {path.name for path in (SHIPPED / name).iterdir()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--device", "cuda:99"], "cuda:99"), (["--device", "toaster"], "device is auto, cpu")],
)
def test_a_device_that_is_not_there_is_one_line(tmp_path, capsys, arguments, said):
    assert train(["encoder", "--runs", str(tmp_path / "runs"), "--models", str(tmp_path), *arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_run_of_another_recipe_stays_as_it_is(made, tmp_path):
    """`made` has drawn and trained for other schedules than those of the shipped weights."""
    runs = tmp_path / "runs"
    shutil.copytree(made / "runs" / "encoder", runs / "encoder")
    before = (runs / "encoder" / "checkpoint.pt").read_bytes()
    with pytest.raises(FileExistsError, match="another recipe"):
        make_encoder(runs, tmp_path / "encoder", replace(MINIATURE, train=400, encoder=_schedule(31)))
    assert (runs / "encoder" / "checkpoint.pt").read_bytes() == before


def _falls(curve: list[dict], to: float) -> None:
    """To the share `to` of what it was, both as means of three points."""
    values = [line["loss"] for line in curve if "loss" in line]
    assert np.mean(values[-3:]) < to * np.mean(values[:3])
