"""A run of training from end to end."""

import json
import math

import pytest
from safetensors.torch import load_file

from content.errors import InvalidInput, ModelError
from reranker import LycheeReranker
from reranker.examples.contents import Contents
from reranker.examples.example import grouped
from reranker.examples.file import examples
from reranker.examples.ranking import quality, rank_groups, telling
from reranker.training.history import read_history
from reranker.training.parsing import parse
from reranker.training.run import Run
from reranker.training.session import train

QUICK = {"--num_train_epochs": 2, "--learning_rate": 2e-3, "--eval_share": 0.34, "--use_cpu": True, "--bf16": False}


@pytest.fixture
def run_of(examples_file, tmp_path):
    """run_of(**flags): a quick run on the demo judge, and what it said."""

    def make(**flags):
        given = {"--model": "demo", "--train_data_path": tmp_path / "train.jsonl", "--output_dir": tmp_path / "out"}
        given |= QUICK | {f"--{name}": value for name, value in flags.items()}
        if not (tmp_path / "train.jsonl").exists():
            examples_file()
        said = []
        options, arguments = parse([str(part) for pair in given.items() for part in pair])
        return train(options, arguments, said.append), said

    return make


def test_a_run_lifts_the_held_out_figures_and_its_adapter_serves_them(run_of, examples_file, tmp_path):
    examples_file(18)
    held_out = examples_file(4, "test.jsonl", of="market")
    run, said = run_of(eval_data_path=held_out, num_train_epochs=3, learning_rate=1e-3)
    assert run.after["loss"] < 0.9 * run.before["loss"]
    assert Run.read(tmp_path / "out") == run
    assert said[0].startswith("before: loss")
    reranker = LycheeReranker.from_pretrained(tmp_path / "out", device="cpu", dtype="fp32")
    ranked = rank_groups(reranker, telling(grouped(examples(held_out))), Contents(tmp_path))
    assert float(quality(ranked)["nDCG@10"].mean()) == pytest.approx(run.after["nDCG@10"])


def test_what_it_leaves_tells_of_the_run(run_of, tmp_path):
    run, _ = run_of()
    assert (run.method, run.base, run.finished, run.steps) == ("lora", "demo", True, 4)
    assert (run.train.queries, run.held_out.queries, run.train.examples) == (4, 2, 12)
    assert run.train.share == pytest.approx(4 / 6)
    assert 0 < run.trained < run.parameters / 5
    rows = read_history(tmp_path / "out")
    assert [row["step"] for row in rows if "loss" in row] == [1, 2, 3, 4]
    measured = [row for row in rows if "eval_nDCG@10" in row]
    assert [row["step"] for row in measured] == [0, 2, 4]
    assert measured[0]["eval_loss"] == pytest.approx(run.before["loss"])
    assert any((tmp_path / "out" / "runs").iterdir())
    assert (tmp_path / "out" / "curves.png").stat().st_size > 1000
    assert json.loads((tmp_path / "out" / "adapter_config.json").read_text())["base_model_name_or_path"] == "demo"


def test_a_query_is_on_one_side_and_two_parts_that_share_one_are_warned_of(run_of, examples_file, tmp_path):
    run, said = run_of(eval_data_path=examples_file(3, "test.jsonl"), max_steps=1)
    assert run.shared == 3
    assert any("3 of 3 queries" in line for line in said)


def with_lonely_queries(path, name, count=2):
    """A copy with queries of one document each."""
    lonely = (
        {"instruction": "", "query": f"alone {number}", "document": "rain", "score": 0} for number in range(count)
    )
    other = path.with_name(name)
    other.write_text(path.read_text("utf-8") + "".join(json.dumps(row) + "\n" for row in lonely), "utf-8")
    return other


def test_queries_of_one_document_move_no_figure_of_order(run_of, examples_file, tmp_path):
    plain = examples_file(3, "plain.jsonl", of="market")
    thinned = with_lonely_queries(plain, "test.jsonl")
    run, said = run_of(eval_data_path=thinned, max_steps=1)
    other, _ = run_of(eval_data_path=plain, max_steps=1, output_dir=tmp_path / "other")
    assert run.after["nDCG@10"] == other.after["nDCG@10"]
    assert run.after["loss"] != other.after["loss"]
    assert any("pass over 2 of 5 queries" in line for line in said)
    assert "pass over 2 of 5 queries" in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_where_no_held_out_query_tells_the_loss_chooses(run_of, tmp_path):
    (tmp_path / "none.jsonl").write_text("")
    run, said = run_of(eval_data_path=with_lonely_queries(tmp_path / "none.jsonl", "test.jsonl"))
    assert set(run.after) == {"loss"}
    assert run.finished
    assert run.best_step in (3, 6)
    assert any("the loss alone says which weights are best" in line for line in said)


def test_all_weights_can_be_trained_and_the_result_is_a_checkpoint(run_of, tmp_path, demo_folder):
    run, _ = run_of(full_finetuning=True, learning_rate=2e-4, max_steps=2)
    assert run.method == "full"
    before = load_file(f"{demo_folder}/model.safetensors")
    after = load_file(tmp_path / "out" / "model.safetensors")
    assert before.keys() == after.keys()
    assert {weight.dtype for weight in after.values()} == {weight.dtype for weight in before.values()}
    changed = {name for name in after if not (after[name].float() == before[name].float()).all()}
    assert any("layers" in name for name in changed)
    assert not any("visual" in name for name in changed)
    LycheeReranker.from_pretrained(tmp_path / "out", device="cpu", dtype="fp32")


def test_gradient_checkpointing_gives_the_same_losses_and_says_that_packing_is_off(run_of, tmp_path):
    run_of(max_steps=2, lora_dropout=0)
    _, said = run_of(max_steps=2, lora_dropout=0, gradient_checkpointing=True, output_dir=tmp_path / "other")
    assert any("packing is off" in line for line in said)
    losses = [[row["loss"] for row in read_history(tmp_path / name) if "loss" in row] for name in ("out", "other")]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_a_rate_that_hardly_moves_an_adapter_is_told_of_and_taken(run_of, tmp_path):
    def remarks(said):
        return [line for line in said if "hardly moves an adapter" in line]

    _, said = run_of(max_steps=1, learning_rate=2e-5)
    assert remarks(said)
    _, said = run_of(max_steps=1, learning_rate=1e-4, output_dir=tmp_path / "higher")
    assert not remarks(said)
    _, said = run_of(max_steps=1, learning_rate=2e-5, full_finetuning=True, output_dir=tmp_path / "whole")
    assert not remarks(said)


def test_training_stops_when_nothing_gets_better_and_keeps_the_best(run_of):
    run, _ = run_of(num_train_epochs=6, learning_rate=1e-9, early_stopping_patience=2)
    assert run.epochs == 3


def test_nothing_is_held_out_where_there_is_nothing_to_hold_out(run_of, examples_file):
    examples_file(1)
    run, said = run_of()
    assert (run.held_out, run.before, run.after) == (None, None, None)
    assert any("one query" in line for line in said)
    assert run.steps == 2


def test_a_folder_of_another_run_is_refused_and_one_that_has_ended_is_left_as_it_is(run_of, tmp_path):
    first, _ = run_of(max_steps=1)
    weights = (tmp_path / "out" / "adapter_model.safetensors").stat()
    again, said = run_of(max_steps=1)
    assert again == first
    assert "has ended before" in said[-1]
    assert (tmp_path / "out" / "adapter_model.safetensors").stat() == weights
    with pytest.raises(InvalidInput, match=r"another run.*learning_rate is 0.002 there and 0.001 here"):
        run_of(max_steps=1, learning_rate=1e-3)


def test_a_folder_that_holds_a_model_is_refused(run_of, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "config.json").write_text("{}")
    with pytest.raises(InvalidInput, match="holds a model"):
        run_of()


def test_an_adapter_is_no_beginning(run_of, tmp_path):
    run_of(max_steps=1)
    with pytest.raises(ModelError, match="lychee merge"):
        run_of(model=tmp_path / "out", output_dir=tmp_path / "other")


def test_a_picture_that_is_missing_is_told_with_its_line_before_training(run_of, examples_file, tmp_path):
    path = examples_file()
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"query": "a mug", "document": {"image": "no.png"}, "score": 1}) + "\n")
    with pytest.raises(InvalidInput, match="line 19"):
        run_of(eval_share=0)
    assert not (tmp_path / "out").exists()


def test_no_figure_of_the_history_is_made_up_where_there_is_none(tmp_path):
    (tmp_path / "history.jsonl").write_text('{"step": 1, "loss": 0.5}\n[1]\n{"step": 2, "lo')
    rows = read_history(tmp_path)
    assert rows == [{"step": 1, "loss": 0.5}]
    assert not any(math.isnan(row["loss"]) for row in rows)
