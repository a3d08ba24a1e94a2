"""`lychee data split` from the command line to the files it writes."""

import json
from pathlib import Path

import pytest
from support.error_line import one_error_line

from reranker.examples.contents import Contents
from reranker.examples.example import Example, Side
from reranker.examples.file import examples, write


@pytest.fixture
def file(folder) -> Path:
    """Twenty queries, each with two documents, one of them a picture beside the file; each query is there twice."""
    rows = []
    for number in range(20):
        for query in (f"query {number}", f"Query  {number}?"):
            rows += [
                Example("first" if number % 2 else "second", Side(query), Side("a text"), 1.0),
                Example("first" if number % 2 else "second", Side(query), Side(None, "red.png"), 0.0),
            ]
    path = folder / "things" / "all.jsonl"
    write(path, rows)
    return path


def test_the_files_have_all_examples_and_no_query_in_common(lychee, file, folder):
    outputs = {name: folder / "things" / f"{name}.jsonl" for name in ("train", "test", "eval")}
    options = [text for name, path in outputs.items() for text in (f"--{name}", str(path))]
    code, out, err = lychee("data", "split", str(file), *options, "--share", "0.2", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert told["parted_into"] == 20
    assert [told[name]["queries"] for name in outputs] == [24, 8, 8]
    parts = {name: examples(path) for name, path in outputs.items()}
    assert sum(map(len, parts.values())) == 80
    queries = [{one.query.text.lower().split()[1].strip("?") for one in part} for part in parts.values()]
    assert len(set.union(*queries)) == sum(map(len, queries)) == 20
    assert all({one.instruction for one in part} == {"first", "second"} for part in parts.values())


def test_the_check_for_leakage_finds_none(lychee, file):
    assert (
        lychee("data", "split", str(file), "--train", "train.jsonl", "--test", "test.jsonl", "--share", "0.3")[0] == 0
    )
    told = json.loads(lychee("data", "check", "train.jsonl", "--against", "test.jsonl", "--json")[1])
    leaks = {kind["kind"] for kind in told["files"][0]["kinds"] if kind["kind"].startswith("leak")}
    assert leaks == {"leak-picture"}  # that of the documents, which both may know


def test_pictures_are_found_from_the_new_files_wherever_these_lie(lychee, file, folder):
    (folder / "elsewhere").mkdir()
    train, test = folder / "train.jsonl", folder / "elsewhere" / "test.jsonl"
    assert lychee("data", "split", str(file), "--train", str(train), "--test", str(test))[0] == 0
    for path in (train, test):
        pictured = [one.document for one in examples(path) if one.document.image]
        assert Contents(path.parent).content(pictured[0]).image.getpixel((0, 0)) == (255, 0, 0)
    assert not (folder / "train.jsonl.pictures").exists()  # what lies below the file's folder is not copied
    assert len(list((folder / "elsewhere" / "test.jsonl.pictures").iterdir())) == 1


def test_the_table_says_the_counts(lychee, file, folder):
    _, out, _ = lychee("data", "split", str(file), "--train", "a.jsonl", "--test", "b.jsonl")
    rows = [line.split() for line in out.splitlines()]
    assert rows[1] == ["72", "36", "2", "train", "a.jsonl"]
    assert rows[2] == ["8", "4", "2", "test", "b.jsonl"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--train", "a.jsonl", "--test", "a.jsonl"], "all different files"),
        (["--train", "things/all.jsonl", "--test", "a.jsonl"], "all different files"),
        (["--train", "a.jsonl", "--test", "b.jsonl", "--share", "1"], "--share is 1"),
        (["--train", "a.jsonl", "--test", "b.jsonl", "--share", "nan"], "--share is nan"),
        (["--train", "a.jsonl", "--test", "b.jsonl", "--share", "0.001"], "leave none for test"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(lychee, file, folder, options, said):
    before = file.read_bytes()
    code, out, err = lychee("data", "split", str(file), *options)
    assert (code, out) == (2, "")
    assert said in one_error_line(err)
    assert not (folder / "a.jsonl").exists()
    assert file.read_bytes() == before


def test_a_line_that_is_no_example_is_named(lychee, file):
    file.write_text(file.read_text() + "{}\n")
    code, _, err = lychee("data", "split", str(file), "--train", "a.jsonl", "--test", "b.jsonl")
    assert code == 2
    assert "line 81" in one_error_line(err)
