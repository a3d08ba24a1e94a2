"""A folder in BEIR form, with a run's candidates put in order by both."""

import json

import pytest
from support.beir import write_folder

from search.cli.main import run as lychee

# Stage 1 has the wrong document first for both queries.
RUN = (
    "q1 Q0 mug/blue 1 9.0 r\nq1 Q0 mug/red 2 8.0 r\nq1 Q0 square 3 7.0 r\nq2 Q0 mug/blue 1 9.0 r\nq2 Q0 both 2 8.0 r\n"
)


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "shop")


@pytest.fixture
def trec(tmp_path):
    path = tmp_path / "run.trec"
    path.write_text(RUN, "utf-8")
    return path


def test_both_order_the_runs_candidates_and_are_measured_by_the_folders_judgements(judges, folder, trec, capsys):
    asked = ["ab", "backwards", "toy", "--data", str(folder), "--candidates-from", str(trec)]
    assert lychee([*asked, "--measure", "MRR", "--measure", "hit@1", "--json"]) == 0
    [section] = json.loads(capsys.readouterr().out)["sections"]
    assert (section["name"], section["queries"], section["candidates"]) == ("shop", 2, 5)
    # toy: red mug and green bag come first. backwards knows none of these texts: all score 0.5, and the run decides.
    assert [figure["tuned"]["mean"] for figure in section["figures"]] == [1.0, 1.0]
    assert [figure["base"]["mean"] for figure in section["figures"]] == [0.5, 0.0]


def test_only_the_first_candidates_are_read_where_that_is_asked(judges, folder, trec, capsys):
    asked = ["ab", "backwards", "toy", "--data", str(folder), "--candidates-from", str(trec), "--json"]
    assert lychee([*asked, "--candidates", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["sections"][0]["candidates"] == 4


def test_queries_that_the_run_lacks_are_left_out_and_told(judges, folder, trec, capsys):
    trec.write_text("\n".join(RUN.splitlines()[:3]), "utf-8")
    assert lychee(["ab", "backwards", "toy", "--data", str(folder), "--candidates-from", str(trec)]) == 0
    assert "1 judged queries are not compared" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "a folder needs the run that has its candidates"),
        (["--candidates-from", "RUN", "--candidates-from", "RUN"], "--candidates-from names 2 runs"),
        (["--candidates-from", "OTHER"], "is it a run of another folder?"),
        (["--candidates-from", "RUN", "--split", "dev"], "there are no judgements"),
    ],
)
def test_a_folder_without_its_candidates_is_refused(options, said, judges, folder, trec, tmp_path, capsys):
    other = tmp_path / "other.trec"
    other.write_text("q9 Q0 a 1 1.0 r\nq9 Q0 b 2 0.5 r\n", "utf-8")
    named = {"RUN": str(trec), "OTHER": str(other)}
    assert lychee(["ab", "backwards", "toy", "--data", str(folder), *(named.get(one, one) for one in options)]) == 2
    assert said in capsys.readouterr().err
