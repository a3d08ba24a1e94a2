"""`lychee evaluate runs` as its user runs it."""

import json

import numpy as np
import pytest

from measures.significance import paired
from search.cli.main import run as lychee


@pytest.fixture
def files(tmp_path):
    """Ten queries with one right document each: the first system has it second, the other first in nine of them."""
    qrels = "".join(f"q{number} 0 right 1\n" for number in range(10))
    first = "".join(f"q{number} Q0 wrong 1 2 base\nq{number} Q0 right 2 1 base\n" for number in range(10))
    second = "".join(f"q{number} Q0 right 1 2 [bold]tuned\nq{number} Q0 wrong 2 1 x\n" for number in range(9))
    paths = []
    for name, text in (("qrels", qrels), ("first.trec", first), ("second.trec", second)):
        (tmp_path / name).write_text(text)
        paths.append(str(tmp_path / name))
    return paths


def test_systems_stand_side_by_side_with_the_test_against_the_first(files, capsys):
    assert lychee(["evaluate", "runs", *files, "--measure", "MRR", "--measure", "hit@1", "--json"]) == 0
    captured = capsys.readouterr()
    assert "[bold]tuned lacks 1 of 10 judged queries, which count 0 for it: q9" in captured.err
    base, tuned = json.loads(captured.out)["systems"]
    assert (base["system"], tuned["system"]) == ("base", "[bold]tuned")
    assert base["figures"]["MRR"] == {"mean": 0.5, "low": 0.5, "high": 0.5}
    assert tuned["figures"]["hit@1"]["mean"] == pytest.approx(0.9)
    assert tuned["per_query"]["q9"] == {"MRR": 0.0, "hit@1": 0.0}
    expected = paired(np.full(10, 0.5), np.array([1.0] * 9 + [0.0]))
    assert tuned["against_first"]["MRR"]["p"] == expected.p
    assert base["against_first"] == {}


def test_tables_show_the_same(files, capsys):
    assert lychee(["evaluate", "runs", *files, "--measure", "MRR", "--per-query"]) == 0
    shown = capsys.readouterr().out
    assert "0.500" in shown
    assert "0.900" in shown
    assert "Less base" in shown
    assert "[bold]tuned" in shown  # names are no marks of the terminal's library
    assert "q9" in shown


def test_two_runs_with_one_tag_are_told_apart_by_their_files(files, capsys):
    assert lychee(["evaluate", "runs", files[0], files[1], files[1], files[1], "--json"]) == 0
    names = [one["system"] for one in json.loads(capsys.readouterr().out)["systems"]]
    assert len(set(names)) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--measure", "precision"], "'precision' is no measure"), (["nothing.trec"], "there is no file nothing.trec")],
)
def test_nonsense_is_refused_in_a_sentence(files, capsys, arguments, said):
    assert lychee(["evaluate", "runs", *files, *arguments]) == 2
    assert said in capsys.readouterr().err
