"""The dealer's domain: examples that are clean, held apart and the same for the same seed, and that can be learnt."""

from itertools import chain

import pytest

from demo.domain import Album, asked, remembered, taught, write_folder
from demo.domain.words import NAMES
from reranker.examples.checks.checking import check
from reranker.examples.example import grouped
from search.cli.main import run as lychee

# As docs/fine-tuning.md has it.
RECIPE = (
    "--num_train_epochs 16 --learning_rate 1e-3 --lr_scheduler_type cosine --warmup_steps 0.1 "
    "--per_device_train_batch_size 6 --gradient_accumulation_steps 2"
)
UNWATCHED = "--eval_share 0 --save_strategy no --report_to none --use_cpu True"
FILES = ("train.jsonl", "test.jsonl", "old.jsonl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("domain")
    write_folder(folder, seed=1)
    return folder


def sides(examples):
    return set(chain.from_iterable((one.query, one.document) for one in examples))


def texts(examples):
    return {side.text for side in sides(examples) if side.text}


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(folder, tmp_path):
    for seed, name in ((1, "again"), (2, "other")):
        write_folder(tmp_path / name, seed=seed)
    for name in FILES:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
        assert (folder / name).read_bytes() != (tmp_path / "other" / name).read_bytes()
    pictures = sorted((folder / "pictures").iterdir())
    assert [path.name for path in pictures] == sorted(path.name for path in (tmp_path / "again/pictures").iterdir())
    assert all(path.read_bytes() == (tmp_path / "again/pictures" / path.name).read_bytes() for path in pictures)


def test_three_hundred_triples_are_taught_in_three_grades():
    examples = taught(1, Album())
    assert len(examples) == 300
    assert {example.score for example in examples} == {0.0, 0.5, 1.0}


def test_what_is_measured_is_in_none_of_what_is_taught():
    learnt = sides(taught(1, Album()))
    for examples, queries in ((asked(1), 80), (remembered(1, Album()), 90)):
        groups = grouped(examples)
        assert len(groups) == queries
        assert {len(group.examples) for group in groups} == {10}
        assert not learnt & sides(examples)


def test_what_is_rehearsed_and_guarded_has_texts_and_pictures_on_either_side():
    def way(example):
        return "->".join("I" if side.image else "T" for side in (example.query, example.document))

    guarded = [way(group.examples[0]) for group in grouped(remembered(1, Album()))]
    assert {one: guarded.count(one) for one in guarded} == {"T->T": 30, "T->I": 30, "I->T": 30}
    assert {way(example) for example in taught(1, Album())} == {"T->T", "T->I", "I->T"}


def test_every_query_asked_holds_one_name_of_the_dealer_which_was_taught():
    names = [name for word in NAMES.values() for name in (word.en, word.zh)]
    learnt = texts(taught(1, Album()))
    for group in grouped(asked(seed=1)):
        held = [name for name in names if name in group.query.text]
        assert len(held) == 1
        assert any(held[0] in text for text in learnt)


def test_the_catalogue_has_none_of_the_dealers_names():
    examples = [*asked(1), *taught(1, Album()), *remembered(1, Album())]
    documents = " ".join(example.document.text or "" for example in examples)
    assert not [name for word in NAMES.values() for name in (word.en, word.zh) if name in documents]


@pytest.mark.parametrize(
    ("name", "against"), [("train.jsonl", "test.jsonl"), ("test.jsonl", None), ("old.jsonl", None)]
)
def test_the_files_have_no_findings(folder, name, against):
    assert list(check(folder / name, against=against and folder / against)) == []


@pytest.mark.slow
def test_three_hundred_triples_teach_the_dealers_words_and_the_catalogue_is_not_forgotten(folder, tmp_path, capsys):
    train = f"train --model demo --train_data_path {folder}/train.jsonl --output_dir {tmp_path}/tuned"
    assert lychee([*train.split(), *RECIPE.split(), *UNWATCHED.split()]) == 0
    capsys.readouterr()
    compare = f"ab demo {tmp_path}/tuned --data {folder}/test.jsonl --guard {folder}/old.jsonl"
    assert lychee([*compare.split(), "--significance", "0.01", "--max-loss", "0.02", "--gate"]) == 0
    assert "tuned is better on test.jsonl: nDCG@10 +" in capsys.readouterr().out
