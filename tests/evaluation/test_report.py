"""The table fits a plain terminal and the JSON carries every figure."""

import json
from io import StringIO

from rich.console import Console

from evaluation.demo import TaskResult
from evaluation.metrics import MEASURES, Estimate
from evaluation.report import as_json, table

STAGE1 = {measure: Estimate(0.25, 0.12, 0.38) for measure in MEASURES}
STAGE2 = {measure: Estimate(0.75, 0.62, 0.88) for measure in MEASURES}
RESULTS = [TaskResult("image -> text", "zh", 500, STAGE1, STAGE2)]


def test_the_table_shows_every_figure_in_80_columns():
    out = StringIO()
    Console(file=out, width=80).print(table(RESULTS, "figures"))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    stage1, stage2 = (next(line for line in lines if stage in line) for stage in ("stage 1", "stage 2"))
    assert stage1.count("0.250") == stage2.count("0.750") == len(MEASURES)
    assert out.getvalue().count("0.12-0.38") == out.getvalue().count("0.62-0.88") == len(MEASURES)


def test_the_json_holds_the_run_and_every_figure():
    read = json.loads(json.dumps(as_json(RESULTS, {"seed": 1})))
    assert read["run"] == {"seed": 1}
    (result,) = read["results"]
    assert (result["task"], result["language"], result["queries"]) == ("image -> text", "zh", 500)
    assert result["stage1"]["nDCG@10"] == {"mean": 0.25, "low": 0.12, "high": 0.38}
    assert result["stage2"]["recall@1"] == {"mean": 0.75, "low": 0.62, "high": 0.88}
