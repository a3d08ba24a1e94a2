"""A run says what it was made on and with, and nothing of whose machine that is."""

import json
import platform
import subprocess
from dataclasses import asdict
from pathlib import Path

import torch

from evaluation.conditions import commit, conditions, shown_name

OPTIONS = {"items": 10, "rows": ["T->I en"]}


def test_machine_versions_and_options_are_told():
    told = conditions("cpu", "fp32", OPTIONS)
    assert (told.device, told.dtype, told.options) == ("cpu", "float32", OPTIONS)
    assert told.versions["torch"] == torch.__version__.partition("+")[0] or told.versions["torch"] == torch.__version__
    assert {"transformers", "open_clip_torch"} < set(told.versions)
    assert told.cores >= 1
    assert told.processor


def test_neither_host_nor_folder_is_told():
    told = json.dumps(asdict(conditions("cpu", "fp32", OPTIONS)))
    assert platform.node() not in told
    assert str(Path.home()) not in told
    assert str(Path(__file__).parents[2]) not in told


def test_the_commit_is_that_of_the_repository_and_none_without_one(tmp_path):
    assert commit(tmp_path) is None
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    assert commit(tmp_path) is None
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "first"], check=True)
    made = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    assert commit(tmp_path) == made


def test_a_folder_is_shown_by_its_own_name_only(tmp_path):
    model = tmp_path / "my-encoder"
    model.mkdir()
    assert shown_name(str(model)) == "my-encoder"
    assert shown_name("vec-ai/lychee-rerank-mm") == "vec-ai/lychee-rerank-mm"
    assert shown_name("demo") == "demo"
