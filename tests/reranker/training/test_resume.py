"""A run that is killed at any moment ends as one that was left alone."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from reranker.training import checkpoints
from reranker.training.history import History, read_history
from reranker.training.run import Run

ROOT = Path(__file__).parents[3]
FLAGS = (
    "--model_name_or_path demo --num_train_epochs 3 --learning_rate 1e-3 --lora_dropout 0.2 --eval_share 0.3 "
    "--save_strategy steps --save_steps 2 --use_cpu True --bf16 False --seed 11"
)


def start(data, output_dir):
    command = [sys.executable, "-m", "reranker.train", *FLAGS.split()]
    command += ["--train_data_path", str(data), "--output_dir", str(output_dir)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process):
    _, said = process.communicate(timeout=200)
    assert process.returncode == 0, said
    return said


def kill_after(process, output_dir, step):
    """As soon as the history has the step; what is written at that moment is cut off."""
    while process.poll() is None:
        if any(row["step"] >= step and "loss" in row for row in read_history(output_dir)):
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.005)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_run_killed_at_a_random_step_and_resumed_ends_with_the_same_weights_and_figures(examples_file, tmp_path):
    data, undisturbed, killed = examples_file(10), tmp_path / "undisturbed", tmp_path / "killed"
    finish(start(data, undisturbed))
    step = random.randint(3, 8)  # of 9, three to an epoch
    kill_after(start(data, killed), killed, step)
    assert not Run.read(killed).finished
    finish(start(data, killed))
    one, other = Run.read(undisturbed), Run.read(killed)
    assert one.after == other.after, f"killed after step {step}"
    assert (one.before, one.best_step, one.steps) == (other.before, other.best_step, other.steps)
    weights, resumed = (load_file(folder / "adapter_model.safetensors") for folder in (undisturbed, killed))
    assert weights.keys() == resumed.keys()
    for name, weight in weights.items():
        assert torch.equal(weight, resumed[name]), f"{name} differs; killed after step {step}"
    assert read_history(undisturbed) == read_history(killed)


def test_a_checkpoint_that_was_not_written_to_its_end_is_no_checkpoint(tmp_path):
    with checkpoints.written_whole(tmp_path / "checkpoint-2") as folder:
        (folder / "weights").write_text("all")
    with suppress(KeyboardInterrupt), checkpoints.written_whole(tmp_path / "checkpoint-10") as folder:
        (folder / "weights").write_text("half")
        raise KeyboardInterrupt
    assert checkpoints.last(tmp_path) == tmp_path / "checkpoint-2"
    checkpoints.clear_partial(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-2"]
    with checkpoints.written_whole(tmp_path / "checkpoint-10"):
        pass
    assert checkpoints.last(tmp_path) == tmp_path / "checkpoint-10"


def test_what_a_killed_run_wrote_of_later_steps_is_forgotten(tmp_path):
    history = History(tmp_path, None)
    for step in range(1, 5):
        history.add(step, step / 2, {"loss": 1 / step})
    with (tmp_path / "history.jsonl").open("a") as file:
        file.write('{"step": 5, "lo')
    History(tmp_path, 3).add(4, 2.0, {"loss": 0.2})
    lines = (tmp_path / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [1, 2, 3, 4]
    assert json.loads(lines[-1])["loss"] == 0.2
