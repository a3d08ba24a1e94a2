"""The flags of training, and what is said of those that make no sense."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from content.errors import InvalidInput, LycheeError
from reranker.train import run
from reranker.training.parsing import parse
from search.cli.main import run as lychee

ROOT = Path(__file__).parents[3]
GIVEN = ["--model_name_or_path", "demo", "--train_data_path", "train.jsonl", "--output_dir", "tuned"]
USUAL = (
    "--per_device_train_batch_size 2 --gradient_accumulation_steps 4 --num_train_epochs 3 --learning_rate 2e-5 "
    "--bf16 True --use_flash_attention_2 True --max_length 3200"
)


def test_the_flags_that_users_have_in_their_scripts_are_understood():
    options, arguments = parse([*GIVEN, *USUAL.split(), "--gradient_checkpointing", "True"])
    assert (options.model_name_or_path, options.max_length, options.use_flash_attention_2) == ("demo", 3200, True)
    assert (arguments.per_device_train_batch_size, arguments.gradient_accumulation_steps) == (2, 4)
    assert (arguments.num_train_epochs, arguments.learning_rate, arguments.bf16) == (3, 2e-5, True)
    assert arguments.activation_checkpointing
    assert (options.lora_rank, options.full_finetuning, options.train_vision_tower) == (16, False, False)


def test_any_other_flag_of_transformers_works_as_well():
    _, arguments = parse([*GIVEN, "--weight_decay", "0.1", "--lr_scheduler_type", "cosine", "--max-grad-norm", "0.5"])
    assert (arguments.weight_decay, arguments.lr_scheduler_type.value, arguments.max_grad_norm) == (0.1, "cosine", 0.5)


def test_measuring_and_saving_by_steps_go_together_where_one_is_named():
    _, by_saving = parse([*GIVEN, "--save_strategy", "steps", "--save_steps", "5"])
    _, by_measuring = parse([*GIVEN, "--eval_strategy", "steps", "--eval_steps", "7"])
    assert (by_saving.eval_strategy.value, by_saving.eval_steps) == ("steps", 5)
    assert (by_measuring.save_strategy.value, by_measuring.save_steps) == ("steps", 7)


def test_help_shows_our_flags_first_and_those_of_transformers_after_them(capsys):
    with pytest.raises(SystemExit) as left:
        parse(["--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    places = [
        shown.index(f"\n  {name} ") for name in ("--train_data_path", "--lora_rank", "--output_dir", "--max_steps")
    ]
    assert places == sorted(places)
    assert "default: None" not in shown


WRONG = [
    ([], "required"),
    ([*GIVEN, "--learning-rat", "1"], "--learning-rat"),
    ([*GIVEN, "--learning_rate", "much"], "much"),
    ([*GIVEN, "--num_train_epochs"], "--num_train_epochs"),
    ([*GIVEN, "--eval_strategy", "sometimes"], "sometimes"),
]


@pytest.mark.parametrize(("arguments", "named"), WRONG)
def test_flags_that_are_missing_unknown_or_malformed_are_named(arguments, named):
    with pytest.raises(InvalidInput) as refused:
        parse(arguments)
    assert named in refused.value.message
    assert "\n" not in refused.value.message


OUT_OF_RANGE = [
    ("--learning_rate", "-1"),
    ("--learning_rate", "0"),
    ("--learning_rate", "nan"),
    ("--num_train_epochs", "0"),
    ("--per_device_train_batch_size", "0"),
    ("--gradient_accumulation_steps", "0"),
    ("--lora_rank", "0"),
    ("--lora_dropout", "1"),
    ("--eval_share", "1.5"),
    ("--max_length", "4000"),
    ("--early_stopping_patience", "0"),
    ("--seed", "-1"),
    ("--save_steps", "0"),
    ("--label_smoothing_factor", "0.1"),
    ("--fp16", "True"),
    ("--metric_for_best_model", "accuracy"),
]


@pytest.mark.parametrize(("flag", "value"), OUT_OF_RANGE)
def test_values_out_of_range_are_refused_before_anything_is_loaded(flag, value, examples_file, tmp_path):
    given = ["--model", str(tmp_path / "nowhere"), "--train_data_path", str(examples_file()), "--output_dir", "out"]
    with pytest.raises(InvalidInput) as refused:
        run([*given, flag, value])
    assert refused.value.param == flag


def test_stopping_early_needs_evaluations(examples_file, tmp_path):
    examples_file()
    flags = {"--early_stopping_patience": 2, "--eval_strategy": "no"}
    assert "--eval_strategy no makes none" in refusal(tmp_path, **flags)


def refusal(tmp_path, **changed):
    given = {
        "--model": "demo",
        "--train_data_path": tmp_path / "train.jsonl",
        "--output_dir": tmp_path / "out",
        **changed,
    }
    with pytest.raises(LycheeError) as refused:
        run([str(part) for pair in given.items() for part in pair])
    return refused.value.message


def test_files_and_folders_that_are_something_else_are_refused_in_a_sentence(examples_file, tmp_path):
    path = examples_file()
    (tmp_path / "broken.jsonl").write_text('{"query": 1}\n')
    (tmp_path / "empty").mkdir()
    assert "there is no file" in refusal(tmp_path, **{"--train_data_path": tmp_path / "no.jsonl"})
    assert "line 1" in refusal(tmp_path, **{"--train_data_path": tmp_path / "broken.jsonl"})
    assert "there is no file" in refusal(tmp_path, **{"--eval_data_path": tmp_path / "no.jsonl"})
    assert "is a file" in refusal(tmp_path, **{"--output_dir": path})
    assert "config.json" in refusal(tmp_path, **{"--model": tmp_path / "empty"})


def test_lychee_train_has_the_same_flags(examples_file, tmp_path, capfd):
    assert lychee(["train", "--model", "demo", "--train_data_path", str(tmp_path / "no"), "--output_dir", "out"]) == 2
    assert "there is no file" in capfd.readouterr().err
    assert lychee(["train", "--help"]) == 0
    assert "usage: lychee train --model_name_or_path" in capfd.readouterr().out


@pytest.mark.slow
def test_the_command_says_it_in_one_line_and_leaves_with_2(examples_file, tmp_path):
    command = [sys.executable, "-m", "reranker.train", "--model_name_or_path", str(tmp_path / "nowhere")]
    command += ["--train_data_path", str(examples_file()), "--output_dir", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: there is no folder")
    assert done.stderr.count("\n") == 1
