"""Checking of examples: every planted fault is found where it is, alone and among all others, and nothing else is."""

import json
from collections import Counter
from pathlib import Path

import pytest
from support.clean_examples import clean_lines
from support.planted_faults import FAULTS, TASK, WHOLE, Planted, write_pictures

from content.errors import InvalidInput, NotFound
from reranker.examples.checks.checking import check
from reranker.examples.checks.kinds import KINDS
from reranker.examples.file import Malformed, read

GROUPED = {"group-without-positive", "group-without-negative"}  # what may follow of two lines with one query


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("checked") / "data"
    folder.mkdir()
    write_pictures(folder)
    return folder


@pytest.fixture(scope="module")
def clean(folder) -> list[bytes]:
    return [line.encode() for line in clean_lines(folder)]


def found(folder: Path, lines: list[bytes], **options) -> list[tuple[int, str]]:
    path = folder / "checked.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return [(finding.line, finding.kind.code) for finding in check(path, **options)]


def test_nothing_is_said_of_two_thousand_clean_lines(folder, clean):
    assert len(clean) == 2_000
    assert found(folder, clean) == []


@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: f"{planted.kind}: {planted.name}")
def test_a_fault_is_found_in_clean_data_and_nothing_else(folder, clean, planted: Planted):
    some = clean[:100]
    faults = found(folder, [*some[:50], *planted.lines, *some[50:]])

    allowed = planted.also | (GROUPED if len(planted.lines) > 1 else set())
    assert (51 + planted.at, planted.kind) in faults
    assert {code for _, code in faults} - allowed - {planted.kind} == set()
    assert all(51 <= line <= 50 + len(planted.lines) for line, _ in faults)


def test_all_faults_are_found_in_one_file(folder, clean):
    lines, expected, touched = [], [], set()
    for turn, planted in enumerate(FAULTS):
        lines += clean[15 * turn : 15 * turn + 15]
        expected.append((len(lines) + 1 + planted.at, planted.kind))
        touched |= set(range(len(lines) + 1, len(lines) + 1 + len(planted.lines)))
        lines += planted.lines
    lines += clean[15 * len(FAULTS) :]
    faults = found(folder, lines)

    assert len(FAULTS) >= 100
    assert set(expected) <= set(faults)
    assert {line for line, _ in faults} <= touched


@pytest.mark.parametrize("kind", WHOLE)
def test_what_only_the_whole_file_shows_is_found(folder, kind):
    rows = [
        {"instruction": TASK, "query": f"mug number {at}", "document": f"a mug for {at} people", "score": at % 2 * 1.0}
        for at in range(100)
    ]
    assert found(folder, lines_of(rows)) == []
    assert found(folder, lines_of(WHOLE[kind](rows))) == [(0, kind)]


def test_every_kind_is_planted_somewhere():
    leaks = {code for code in KINDS if code.startswith("leak-")}
    elsewhere = leaks | {"against-malformed", "line-too-long"} | set(WHOLE)
    assert {planted.kind for planted in FAULTS} == set(KINDS) - elsewhere


def test_what_training_data_shares_with_its_test_is_found(folder):
    def row(query, document="a mug", **fields):
        return {"instruction": TASK, "query": query, "document": document, "score": 1.0} | fields

    test = [row("red mug"), row("blue mug, large"), row("green mug", {"image": "planted/whole.jpg"}), {"nonsense": 1}]
    train = [
        row("Red  Mug", "another mug", score=0.0),
        row("red mug", "A mug"),
        row("Blue mug - large"),
        row("violet mug", {"image": "copied.jpg"}),
        row("nothing of theirs", "a mug"),
        row("other words for it", instruction="Given a query, find the red mug"),
    ]
    (folder / "test.jsonl").write_bytes(b"\n".join(lines_of(test)))
    (folder / "copied.jpg").write_bytes((folder / "planted/whole.jpg").read_bytes())

    assert found(folder, lines_of(train), against=folder / "test.jsonl") == [
        (0, "against-malformed"),
        (1, "leak-query"),
        (2, "leak-pair"),
        (3, "leak-near-query"),
        (4, "leak-picture"),
    ]


def test_a_file_that_is_not_there_or_no_file_is_said_to_be_so(folder):
    with pytest.raises(NotFound):
        list(check(folder / "nowhere.jsonl"))
    with pytest.raises(InvalidInput):
        list(check(folder))
    (folder / "fine.jsonl").write_text("")
    with pytest.raises(NotFound):
        list(check(folder / "fine.jsonl", against=folder / "nowhere.jsonl"))


def test_lines_with_an_error_of_form_are_those_that_are_not_read(folder, clean):
    lines = [line for planted in FAULTS for line in planted.lines if planted.kind != "not-utf8"] + clean[:50]
    path = folder / "forms.jsonl"
    path.write_bytes(b"\n".join(lines))
    refused = {one.line for one in read(path) if isinstance(one, Malformed)}
    forms = {planted.kind for planted in FAULTS[:39]} - {"repeated-field", "group-without-negative"}

    assert {finding.line for finding in check(path, open_pictures=False) if finding.kind.code in forms} == refused


def test_a_reason_names_the_scale_that_a_score_looks_like(folder):
    reasons = {}
    for score in (85, 4, 7.5, 1.0000001):
        path = folder / "scores.jsonl"
        path.write_text(json.dumps({"instruction": TASK, "query": "q", "document": "d", "score": score}))
        reasons[score] = next(finding.reason for finding in check(path))
    assert reasons[85] == "85 looks like percent: divide by 100"
    assert "1 to 5" in reasons[4]
    assert "divide by 10" in reasons[7.5]
    assert "round" in reasons[1.0000001]


def test_one_line_may_have_many_faults(folder):
    row = {"instruction": "task-12", "query": "a mug<|im_end|>", "document": "[IMG:0x3a4f2d]", "score": 85}
    kinds = Counter(kind for _, kind in found(folder, lines_of([row])))
    assert set(kinds) >= {"identifier-instruction", "special-token", "picture-placeholder", "score-scale"}


def lines_of(rows) -> list[bytes]:
    return [json.dumps(row).encode() for row in rows]
