"""`lychee evaluate demo` as its user runs it."""

import json

import pytest

from search.cli.main import run as lychee


@pytest.mark.slow
def test_the_command_prints_tables_or_the_same_rows_as_json(capsys):
    small = ["evaluate", "demo", "--items", "24", "--queries", "2", "--candidates", "4", "--depth", "3"]
    some = [*small, "--pair", "T->I", "--pair", "IT->IT", "--language", "mixed"]
    assert lychee([*some, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["run"]["encoder"] == answer["run"]["reranker"] == "demo"
    assert answer["conditions"]["options"]["rows"] == ["T->I mixed", "IT->IT mixed"]
    assert answer["conditions"]["seconds"] > 0
    assert [(row["pair"], row["language"], len(row["outcomes"])) for row in answer["results"]] == [
        ("T->I", "mixed", 2),
        ("IT->IT", "mixed", 2),
    ]
    for row in answer["results"]:
        for stage in ("stage1", "stage2"):
            assert all(0 <= one["low"] <= one["mean"] <= one["high"] <= 1 for one in row["figures"][stage].values())
    assert lychee(some) == 0
    shown = capsys.readouterr().out
    assert "Order of the first 3 candidates" in shown
    assert "IT->IT" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--items", "10", "--queries", "11"], "11 queries need as many items"),
        (["--candidates", "20"], "a depth of 50 needs as many candidates"),
        (["--pair", "T-"], "'T-' is no pair"),
        (["--language", "fr"], "'fr' is no language here"),
        (["--reranker", "none"], "stage 2 is switched off"),
    ],
)
def test_nonsense_is_refused_before_any_work(capsys, arguments, said):
    assert lychee(["evaluate", "demo", *arguments]) == 2
    assert said in capsys.readouterr().err
