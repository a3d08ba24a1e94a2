"""The picture of a run's curves: drawn of whatever a run, killed ones too, has left."""

import json

import pytest
from PIL import Image

from reranker.training import curves
from reranker.training.curves import draw

STEPS = [{"step": step, "epoch": step / 10, "loss": 1 / step, "learning_rate": 1e-4} for step in range(1, 61)]
MEASURED = [
    {"step": step, "epoch": step / 10, "eval_loss": 0.5, "eval_nDCG@10": quality, "eval_MRR": quality}
    for step, quality in [(0, 0.5), (20, 0.7), (40, 0.9), (60, 0.8)]
]


def write(folder, rows, end=""):
    (folder / "history.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows) + end)
    return folder


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were written."""
    figures = []
    write = curves._write

    def kept(figure, path):
        figures.append(figure)
        return write(figure, path)

    monkeypatch.setattr(curves, "_write", kept)
    return figures


def lines(panel):
    return {line.get_label(): [list(map(float, axis)) for axis in line.get_data()] for line in panel.lines}


def test_loss_and_quality_are_drawn_over_steps_and_the_best_is_marked(tmp_path, drawn):
    path = draw(write(tmp_path, STEPS + MEASURED))

    loss, quality = (lines(panel) for panel in drawn[0].axes)
    assert path == tmp_path / "curves.png"
    with Image.open(path) as picture:
        assert picture.size[0] > 800
    assert loss["training, each step"] == [[row["step"] for row in STEPS], [row["loss"] for row in STEPS]]
    assert len(loss["training, averaged"][0]) == 20
    assert quality["nDCG@10, held out"] == [[0, 20, 40, 60], [0.5, 0.7, 0.9, 0.8]]
    assert loss["best: step 40"][0] == quality["best: step 40"][0] == [40, 40]
    assert [panel.get_ylabel() for panel in drawn[0].axes] == ["loss", "ranking quality"]
    assert drawn[0].axes[1].get_xlabel() == "step of the optimizer"


def test_the_step_that_was_kept_is_marked_where_it_is_known(tmp_path, drawn):
    draw(write(tmp_path, STEPS + MEASURED), best_step=20)
    assert "best: step 20" in lines(drawn[0].axes[0])


def test_a_last_line_that_was_cut_off_is_passed_over(tmp_path, drawn):
    draw(write(tmp_path, STEPS[:5], end='{"step": 6, "lo'))
    assert lines(drawn[0].axes[0])["training, each step"][0] == [1, 2, 3, 4, 5]


def test_without_a_held_out_part_the_loss_stands_alone(tmp_path, drawn):
    draw(write(tmp_path, STEPS[:58]), best_step=58)
    assert len(drawn[0].axes) == 1
    assert "kept: step 58" in lines(drawn[0].axes[0])  # nobody measured that it is the best
    assert lines(drawn[0].axes[0])["training, averaged"][0][-1] == 56  # steps 55 to 57: one step is no average


def test_what_is_no_number_is_left_out(tmp_path, drawn):
    odd = [{"step": 1, "loss": None}, {"step": 2, "loss": "low"}, {"step": 3, "loss": float("nan")}, {"loss": 1}]
    draw(write(tmp_path, [*odd, {"step": 4, "loss": 0.5}], end="[]\n7\n"))
    assert lines(drawn[0].axes[0])["training, each step"] == [[4], [0.5]]


@pytest.mark.parametrize("rows", [[], [{"step": 1, "learning_rate": 1e-4}]])
def test_where_there_is_nothing_to_draw_no_picture_is_written(tmp_path, rows):
    assert draw(write(tmp_path, rows)) is None
    assert not (tmp_path / "curves.png").exists()


def test_a_run_without_a_history_has_no_curves(tmp_path):
    assert draw(tmp_path) is None


def test_the_picture_is_replaced_at_once(tmp_path):
    draw(write(tmp_path, STEPS))
    draw(write(tmp_path, STEPS))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["curves.png", "history.jsonl"]
