"""`lychee evaluate folder` as its user runs it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.beir import write_folder

from evaluation.folder import from_demo
from evaluation.quality import file
from evaluation.quality.result import Evaluation
from evaluation.runs.trec import read_run
from evaluation.scores.file import ScoreFile
from search.cli.main import run as lychee


def found(evaluation: Evaluation) -> list[object]:
    """All that an evaluation found, without the times it took."""
    return [(one.id, dict(one.grades), one.candidates) for one in evaluation.answered]


def judged(work: Path) -> int:
    path = work / "scores.sqlite"
    if not path.is_file():
        return 0
    with ScoreFile(path) as scores:
        return len(scores)


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_and_ends_with_the_same_figures(tmp_path, capsys):
    folder, undisturbed, killed = (tmp_path / name for name in ("folder", "undisturbed", "killed"))
    assert from_demo.main([str(folder), "--items", "80", "--queries", "40"]) == 0
    arguments = ["evaluate", "folder", str(folder), "--candidates", "20"]
    code = (
        f"from search.cli.main import main; import sys; sys.argv[1:] = {[*arguments, '--work', str(killed)]!r}; main()"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 120
        while judged(killed) < 100 and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (killed / "evaluation.json").exists()
    before = judged(killed)
    assert 100 <= before < 800
    capsys.readouterr()

    assert lychee([*arguments, "--work", str(killed), "--json"]) == 0
    resumed = json.loads(capsys.readouterr().out)
    assert resumed["pairs"] == {"judged": 800, "now": 800 - before}
    out = tmp_path / "out"
    assert lychee([*arguments, "--work", str(undisturbed), "--runs-out", str(out), "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["pairs"] == {"judged": 800, "now": 800}
    assert found(file.read(killed / "evaluation.json")) == found(file.read(undisturbed / "evaluation.json"))
    assert [one["figures"] for one in resumed["systems"]] == [one["figures"] for one in whole["systems"]]

    # Other measures, tables and all, cost no judgement and no wait for one.
    assert lychee([*arguments, "--work", str(undisturbed), "--measure", "nDCG@5", "--per-query"]) == 0
    shown = capsys.readouterr().out
    assert "800 pairs judged, 800 of them kept from before" in shown
    assert "nDCG@5 by query" in shown
    stage2 = read_run(out / "stage2.trec")
    assert stage2.run == file.read(undisturbed / "evaluation.json").systems["stage 2 @ 20"]
    assert stage2.tag == "stage-2-demo"


@pytest.mark.slow
def test_the_report_and_the_runs_lie_where_they_were_asked_for(tmp_path, capsys):
    folder = write_folder(
        tmp_path / "folder", corpus=[{"_id": "a", "text": "<script>red</script>"}, "{"], qrels="q1\ta\t1"
    )
    written = tmp_path / "deep" / "runs", tmp_path / "report.html"
    options = ["--runs-out", str(written[0]), "--report", str(written[1])]
    assert lychee(["evaluate", "folder", str(folder), *options]) == 0
    captured = capsys.readouterr()
    assert "1 lines of corpus.jsonl are no rows and are left out: corpus.jsonl:2" in captured.err
    assert "Ranking quality" in captured.out
    assert {path.name for path in written[0].iterdir()} == {"stage1.trec", "stage2.trec"}
    assert "<script>red" not in written[1].read_text()
    given = ["--candidates-from", str(written[0] / "stage1.trec"), "--work", str(tmp_path / "given"), "--json"]
    assert lychee(["evaluate", "folder", str(folder), *given]) == 0
    assert json.loads(capsys.readouterr().out)["models"]["encoder"] == "stage-1-demo"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "there is no folder nowhere"),
        (["FOLDER", "--split", "dev"], "there are no judgements"),
        (["FOLDER", "--measure", "precision@3"], "'precision@3' is no measure"),
        (["FOLDER", "--channel", "smell=1"], "there is no channel"),
        (["FOLDER", "--candidates-from", "nothing.trec"], "there is no file nothing.trec"),
    ],
)
def test_nonsense_is_refused_before_any_model_is_loaded(tmp_path, capsys, arguments, said):
    folder = str(write_folder(tmp_path / "folder"))
    assert lychee(["evaluate", "folder", *(folder if one == "FOLDER" else one for one in arguments)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "folder" / ".lychee").exists()


def test_the_demo_folder_is_written_once(tmp_path, capsys):
    assert from_demo.main([str(tmp_path / "demo"), "--items", "12", "--queries", "2"]) == 0
    lines = (tmp_path / "demo" / "corpus.jsonl").read_text().splitlines()
    kinds = {tuple(sorted(json.loads(line))) for line in lines}
    assert kinds == {("_id", "image"), ("_id", "text"), ("_id", "image", "text")}
    assert from_demo.main([str(tmp_path / "demo"), "--items", "12", "--queries", "2"]) == 1
    assert "holds something already" in capsys.readouterr().err
