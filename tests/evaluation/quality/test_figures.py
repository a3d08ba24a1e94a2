"""What is made of an evaluation: orders at depths, figures, and the file that keeps it."""

import json

import numpy as np
import pytest

from content.errors import InvalidInput, NotFound
from evaluation.conditions import conditions
from evaluation.quality import file
from evaluation.quality.figures import compare, latencies
from evaluation.quality.result import Answered, Evaluation, Found, Models
from measures.significance import paired

SCORES = (0.1, None, 0.9, 0.1)


def answered(query: str = "q", scores=SCORES, grades=None) -> Answered:
    found = tuple(Found(f"d{place}", 4.0 - place, score) for place, score in enumerate(scores))
    return Answered(query, grades or {"d2": 2}, found, 2.0, 30.0)


@pytest.fixture
def evaluation():
    models = Models("demo", "e", "demo", "r", None)
    some = (answered(), answered("q2", (0.5, 0.4), {"d0": 1}), answered("lost", ()))
    return Evaluation("a folder", 4, models, (2, 4), some, conditions("cpu", "fp32", {"split": "test"}), ("a warning",))


def test_orders_at_depths(evaluation):
    systems = evaluation.systems
    assert list(systems) == ["stage 1", "stage 2 @ 2", "stage 2 @ 4"]
    assert systems["stage 1"]["q"] == ["d0", "d1", "d2", "d3"]
    assert systems["stage 2 @ 2"]["q"] == ["d0", "d1", "d2", "d3"]
    assert systems["stage 2 @ 4"]["q"] == ["d2", "d0", "d3", "d1"]  # stage 1 decides between equal scores


def test_systems_are_compared_with_the_first(evaluation):
    first, _, deep = compare(evaluation.systems, evaluation.qrels, ["MRR", "hit@1"])
    assert first.values["MRR"] == pytest.approx([1 / 3, 1, 0])
    assert deep.values["MRR"].tolist() == [1, 1, 0]
    assert first.against == {}
    assert deep.against["MRR"] == paired(np.array([1 / 3, 1, 0]), np.array([1.0, 1, 0]))
    assert deep.estimates["hit@1"].mean == pytest.approx(2 / 3)


def test_what_counts_as_right_is_the_users_choice(evaluation):
    strict = compare(evaluation.systems, evaluation.qrels, ["MRR"], relevant=2)[-1]
    assert strict.values["MRR"].tolist() == [1, 0, 0]


def test_latency_is_that_of_the_queries_that_were_asked(evaluation):
    recall, rerank = latencies(evaluation.answered)
    assert (recall.median, rerank.median, rerank.p95) == (2, 30, 30)
    assert latencies([answered(scores=())]) == (None, None)


def test_an_evaluation_reads_back_as_it_was_written(evaluation, tmp_path):
    path = tmp_path / "evaluation.json"
    file.write(path, evaluation)
    assert file.read(path) == evaluation


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '{"format": 99}', "[" * 100_000, "\xff"])
def test_a_file_that_is_none_of_ours_is_named(tmp_path, text):
    path = tmp_path / "evaluation.json"
    path.write_text(text, "latin-1")
    with pytest.raises(InvalidInput, match=r"evaluation\.json"):
        file.read(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(NotFound):
        file.read(tmp_path / "evaluation.json")


def test_the_file_is_plain_json(evaluation, tmp_path):
    file.write(tmp_path / "e.json", evaluation)
    value = json.loads((tmp_path / "e.json").read_text())
    assert value["answered"][0]["candidates"][2] == {"id": "d2", "recalled": 2.0, "score": 0.9, "error": None}
