"""Models whose training saw what the test asks for are refused; models of other origin are not."""

import json

import pytest

from content.errors import InvalidInput
from demo.catalogue.split import HELD_OUT
from evaluation.demo.contamination import NOTE, folder_of, refuse_trained_on
from search.cli.main import run as lychee

TEST = sorted(map(list, HELD_OUT["test"]))


def folder(path, note):
    (path / "training.json").write_text(note if isinstance(note, str) else json.dumps(note))
    return str(path)


def test_weights_that_held_back_every_pair_of_the_test_pass(tmp_path):
    refuse_trained_on(folder(tmp_path, {"held_out": {"test": [*TEST, ["vase", "red"]]}}), "encoder")


def test_weights_that_saw_one_pair_are_refused_by_its_name(tmp_path):
    model = folder(tmp_path, {"held_out": {"test": [pair for pair in TEST if pair != ["mug", "purple"]]}})
    with pytest.raises(InvalidInput, match=r"test asks for \(purple mug\); take weights that `python -m demo\.train"):
        refuse_trained_on(model, "encoder")


@pytest.mark.parametrize("note", ["", "[]", {}, {"held_out": {}}, {"held_out": {"test": [1]}}, {"figures": {}}])
def test_a_note_that_does_not_tell_is_no_proof(tmp_path, note):
    with pytest.raises(InvalidInput, match="orange bag, blue book"):
        refuse_trained_on(folder(tmp_path, note), "reranker")


def test_models_of_other_origin_pass(tmp_path):
    refuse_trained_on(str(tmp_path), "encoder")
    refuse_trained_on("vec-ai/lychee-rerank-mm", "reranker")
    refuse_trained_on("ViT-B-16-SigLIP2-256/webli", "encoder")


def test_the_embedded_models_are_looked_at_where_they_lie():
    for part in ("encoder", "reranker"):
        assert (folder_of("demo", part) / NOTE).is_file()


@pytest.mark.parametrize("part", ["encoder", "reranker"])
def test_the_command_refuses_before_any_work(tmp_path, capsys, part):
    passing = tmp_path / "passing"
    passing.mkdir()
    models = {"encoder": str(passing), "reranker": str(passing)} | {part: folder(tmp_path, {})}
    options = [word for name, model in models.items() for word in (f"--{name}", model)]
    assert lychee(["evaluate", "demo", *options]) == 2
    assert f"the {part} " in capsys.readouterr().err
