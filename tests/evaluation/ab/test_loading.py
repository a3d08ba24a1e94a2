"""Files of examples as questions."""

from contextlib import ExitStack

import pytest
from support.table_reranker import TableReranker
from support.two_judges import sections_of, triple

from content.errors import InvalidInput, NotFound
from evaluation.ab.ask import Anew
from evaluation.ab.from_folder import Candidates
from evaluation.ab.judging import judge
from evaluation.ab.loading import sections


def asking(table: dict[str, float]) -> Anew:
    return Anew(TableReranker(table))


def test_examples_of_one_instruction_and_query_are_one_question(write):
    lines = [triple("mug", "a", 1), triple("bag", "a", 0), triple("mug", "b", 0.4), triple("bag", "c", 1)]
    lines += [triple("mug", "a", 1, "another task"), triple("mug", "b", 0, "another task")]
    [found] = sections_of(write("new.jsonl", lines))
    assert [(one.instruction, found.reads.query(one).text, len(one.candidates)) for one in found.questions] == [
        ("", "mug", 2),
        ("", "bag", 2),
        ("another task", "mug", 2),
    ]
    assert found.questions[0].grades == {"0": 100, "1": 40}


def test_a_judge_that_gives_all_the_same_score_puts_the_right_document_last(write):
    [found] = sections_of(write("new.jsonl", [triple("mug", "right", 1), triple("mug", "wrong", 0)]))
    judged = judge(asking({}), [found], name="indifferent")
    assert judged.sections[0][0].order == ["1", "0"]


def test_a_query_that_tells_nothing_is_passed_over_and_told_and_a_file_of_such_refused(write, capsys):
    lines = [triple("mug", "a", 1), triple("mug", "b", 0), triple("bag", "a", 1)]
    lines += [triple("hat", "a", 0.5), triple("hat", "b", 0.5)]
    [found] = sections_of(write("some.jsonl", lines))
    assert [found.reads.query(one).text for one in found.questions] == ["mug"]
    assert "some.jsonl: measures of order pass over 2 of 3 queries" in capsys.readouterr().err
    with pytest.raises(InvalidInput, match="no query with documents of two grades"):
        sections_of(write("lonely.jsonl", lines[2:]))


def test_sections_are_named_by_their_files_and_by_paths_where_names_are_alike(write, tmp_path):
    lines = [triple("mug", "a", 1), triple("mug", "b", 0)]
    (tmp_path / "other").mkdir()
    paths = [write("test.jsonl", lines), write("other/test.jsonl", lines), write("old.jsonl", lines)]
    found = sections(paths[:2], paths[2:], Candidates(), ExitStack())
    assert [(one.name, one.guard) for one in found] == [
        (str(paths[0]), False),
        (str(paths[1]), False),
        ("old.jsonl", True),
    ]


def test_files_that_are_not_there_are_given_twice_or_are_not_given_are_told(write, tmp_path):
    path = write("new.jsonl", [triple("mug", "a", 1), triple("mug", "b", 0)])
    with pytest.raises(InvalidInput, match="nothing to compare on"):
        sections([], [path], Candidates(), ExitStack())
    with pytest.raises(InvalidInput, match="given twice"):
        sections([path], [path], Candidates(), ExitStack())
    with pytest.raises(NotFound, match="there is no file"):
        sections_of(tmp_path / "nowhere.jsonl")


def test_a_picture_that_cannot_be_read_fails_its_document_only(write):
    path = write("new.jsonl", [triple("mug", {"image": "../../secret.png"}, 1), triple("mug", "b", 0)])
    judged = judge(asking({"b": 0.1}), sections_of(path), name="table")
    assert judged.sections[0][0].failed == 1
    assert judged.sections[0][0].order == ["1", "0"]


def test_a_query_that_cannot_be_read_fails_alone(write):
    lines = [triple({"text": "mug", "image": "gone.png"}, name, score) for name, score in (("a", 1), ("b", 0))]
    lines += [triple("bag", "a", 0), triple("bag", "b", 1)]
    judged = judge(asking({"b": 0.9}), sections_of(write("new.jsonl", lines)), name="table")
    assert [one.failed for one in judged.sections[0]] == [2, 0]
    assert judged.sections[0][1].order == ["1", "0"]
