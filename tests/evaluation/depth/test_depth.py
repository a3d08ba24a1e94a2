"""Quality and time by candidates, pixels and first looks: what is compared, what is counted, and the command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from content.errors import InvalidInput
from evaluation.cli import app
from evaluation.depth.figures import figures
from evaluation.depth.plan import Plan, Way, plan
from evaluation.depth.run import Outcome, Read
from evaluation.depth.shown import grid, write_page
from tests.evaluation.report.made_up import CONDITIONS

PLAN = Plan(depths=(2, 3), pixels=(100, 25), keeps=(1,))


def outcome(id: str, orders: dict[Way, str], ms: dict[Way, float]) -> Outcome:
    """One whose right document is r, third of stage 1. orders: documents of one letter."""
    ways = {way: Read(tuple(orders.get(way, "rab")), ms.get(way, 100.0)) for way in PLAN.ways}
    return Outcome(id, {"r": 1}, ("a", "b", "r"), ways)


def test_all_pixels_and_two_smaller_numbers_are_compared_unless_others_are_named():
    found = plan((), (), (10, 20), most=12_544)
    assert found.pixels == (12_544, 7_056, 3_136)
    assert found.full == Way(100, 12_544)
    assert len(found.ways) == 3 * 4 + 2 * 2
    assert plan((20,), (3_136,), (), most=12_544).ways == [Way(20, 12_544), Way(20, 3_136)]


@pytest.mark.parametrize(
    ("pixels", "keeps", "param"), [((20_000,), (), "--pixels"), ((), (9,), "--keep")], ids=["pixels", "keep"]
)
def test_what_cannot_be_compared_is_refused(pixels, keeps, param):
    with pytest.raises(InvalidInput) as refused:
        plan((), pixels, keeps, most=12_544)
    assert refused.value.param == param


def test_loss_and_time_are_counted_against_all_in_full():
    looked = Way(3, 25, keep=1)
    worse = [outcome(f"q{n}", {looked: "abr"}, {looked: 40.0, PLAN.full: 100.0}) for n in range(20)]
    found = figures(worse, PLAN)
    by_way = {one.way: one for one in found.lines}
    assert found.stage1.mean == pytest.approx(0.5)
    assert by_way[looked].quality.mean == pytest.approx(0.5)
    assert by_way[looked].loss.difference == pytest.approx(-0.5)
    assert by_way[looked].loss.p < 0.01
    assert by_way[looked].time.mean == pytest.approx(0.4)
    assert by_way[PLAN.full].time.mean == 1
    assert by_way[PLAN.full].loss.difference == 0


def test_the_ratio_of_times_is_that_of_their_sums():
    looked = Way(3, 25, keep=1)
    found = figures(
        [outcome("q1", {}, {looked: 10, PLAN.full: 100}), outcome("q2", {}, {looked: 90, PLAN.full: 100})], PLAN
    )
    time = next(one.time for one in found.lines if one.way == looked)
    assert (time.low, time.mean, time.high) == (pytest.approx(0.1), pytest.approx(0.5), pytest.approx(0.9))


def test_without_queries_there_is_nothing_to_compare():
    with pytest.raises(InvalidInput, match="nothing to compare"):
        figures([], PLAN)


def test_the_page_shows_every_way_and_escapes_the_title(tmp_path: Path):
    found = figures([outcome("q", {}, {})], PLAN)
    write_page(tmp_path / "depth.html", "<b>mine</b>", 3, found, CONDITIONS)
    written = (tmp_path / "depth.html").read_text("utf-8")
    assert "&lt;b&gt;mine&lt;/b&gt;" in written
    assert "<b>" not in written
    assert written.count("<tr>") == len(grid(found).rows) + 1 + 6
    assert "then 1 in full" in written
    assert "<svg" in written


@pytest.mark.slow
def test_the_demo_is_measured_from_the_command_line(tmp_path: Path):
    command = "depth --items 60 --queries 3 --at 10 --at 30 --pixels 3136 --keep 10 --json --report"
    done = CliRunner().invoke(app, [*command.split(), str(tmp_path / "depth.html")])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout[done.stdout.index("{") :])
    ways = {(one["way"]["depth"], one["way"]["pixels"], one["way"]["keep"]): one for one in told["lines"]}
    assert set(ways) == {(10, 12_544, None), (30, 12_544, None), (10, 3136, None), (30, 3136, None), (30, 3136, 10)}
    assert ways[30, 12_544, None]["quality"]["mean"] > ways[30, 3136, None]["quality"]["mean"]
    assert all(one["ms"] > 0 for one in told["lines"])
    assert (tmp_path / "depth.html").is_file()


@pytest.mark.slow
def test_a_folder_is_measured_and_queries_that_cannot_be_read_are_passed_over(tmp_path: Path):
    (tmp_path / "qrels").mkdir()
    texts = ["a red mug", "a blue bag", "a green chair", "two red mugs"] * 4
    corpus = [{"_id": f"d{n}", "text": f"{text} number {n}"} for n, text in enumerate(texts)]
    queries = [{"_id": "q1", "text": "a red mug"}, {"_id": "q2", "image": "missing.png"}]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)), "utf-8")
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), "utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td0\t1\nq2\td1\t1\n", "utf-8")
    done = CliRunner().invoke(app, ["depth", str(tmp_path), "--at", "12", "--json", "--device", "cpu"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert told["queries"] == 1
    assert told["documents"] == 16
    assert {one["quality"]["mean"] for one in told["lines"]} == {told["lines"][0]["quality"]["mean"]}  # no pictures
