"""The dealer's domain: examples that are clean, held apart and the same for the same seed, and that can be learnt."""

from itertools import chain

import pytest

from demo.domain import asked, remembered, taught, write_folder
from demo.domain.words import NAMES
from reranker.examples.checks.checking import check
from reranker.examples.example import grouped
from reranker.examples.file import write
from search.cli.main import run as lychee

QUICK = (
    *(
        "--num_train_epochs",
        8,
        "--learning_rate",
        2e-3,
        "--eval_share",
        0,
        "--save_strategy",
        "no",
        "--report_to",
        "none",
    ),
    *("--per_device_train_batch_size", 6, "--gradient_accumulation_steps", 2, "--use_cpu", "True"),
)
FILES = ("train.jsonl", "test.jsonl", "old.jsonl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("domain")
    write_folder(folder, seed=1)
    return folder


def texts(examples):
    return set(chain.from_iterable((one.query.text, one.document.text) for one in examples))


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(folder, tmp_path):
    for seed, name in ((1, "again"), (2, "other")):
        write_folder(tmp_path / name, seed=seed)
    for name in FILES:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
        assert (folder / name).read_bytes() != (tmp_path / "other" / name).read_bytes()


def test_three_hundred_triples_are_taught_in_three_grades():
    examples = taught(seed=1)
    assert len(examples) == 300
    assert {example.score for example in examples} == {0.0, 0.5, 1.0}


def test_what_is_measured_is_in_none_of_what_is_taught():
    learnt = texts(taught(seed=1))
    for examples in (asked(seed=1), remembered(seed=1)):
        groups = grouped(examples)
        assert len(groups) == 80
        assert {len(group.examples) for group in groups} == {10}
        assert not learnt & texts(examples)


def test_every_query_asked_holds_one_name_of_the_dealer_which_was_taught():
    names = [name for word in NAMES.values() for name in (word.en, word.zh)]
    learnt = texts(taught(seed=1))
    for group in grouped(asked(seed=1)):
        held = [name for name in names if name in group.query.text]
        assert len(held) == 1
        assert any(held[0] in text for text in learnt)


def test_the_catalogue_has_none_of_the_dealers_names():
    documents = " ".join(example.document.text for example in [*asked(seed=1), *taught(seed=1), *remembered(seed=1)])
    assert not [name for word in NAMES.values() for name in (word.en, word.zh) if name in documents]


@pytest.mark.parametrize(
    ("name", "against"), [("train.jsonl", "test.jsonl"), ("test.jsonl", None), ("old.jsonl", None)]
)
def test_the_files_have_no_findings(folder, name, against):
    assert list(check(folder / name, against=against and folder / against)) == []


@pytest.mark.slow
def test_three_hundred_triples_teach_the_dealers_words_and_the_catalogue_is_not_forgotten(tmp_path, capsys):
    """The recipe of docs/fine-tuning.md in a quarter of its steps, on half of its queries; so more may be lost."""
    for name, examples in (("train", taught(1)), ("test", asked(1, queries=40)), ("old", remembered(1, queries=40))):
        write(tmp_path / f"{name}.jsonl", examples)
    trained = [
        "train",
        "--model",
        "demo",
        "--train_data_path",
        tmp_path / "train.jsonl",
        "--output_dir",
        tmp_path / "out",
    ]
    assert lychee([str(part) for part in (*trained, *QUICK)]) == 0
    capsys.readouterr()
    compared = ["ab", "demo", tmp_path / "out", "--data", tmp_path / "test.jsonl", "--guard", tmp_path / "old.jsonl"]
    assert lychee([str(part) for part in (*compared, "--significance", 0.01, "--max-loss", 0.04, "--gate")]) == 0
    assert "out is better on test.jsonl: nDCG@10 +" in capsys.readouterr().out
