"""TREC files of others are read tolerantly, ours are read by others as they are meant."""

import re
from pathlib import Path

import ir_measures
import pytest

from content.errors import InvalidInput, LycheeError, NotFound
from evaluation.runs.qrels import read_qrels
from evaluation.runs.trec import read_run, write_run


@pytest.fixture
def write(tmp_path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "file.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    "text",
    [
        "q1 0 d1 1\nq1 0 d2 0\nq2 0 a/b 3\n",
        "q1\t0\td1\t1\r\n\r\nq1 0   d2 0\r\nq2\t0\ta/b\t3",
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\nq2\ta/b\t3\n",
        "\ufeffq1\td1\t1.0\nq1\td2\t-2\nq2\ta/b\t3\nq2\ta/b\t3\n",
    ],
)
def test_judgements_of_either_form_are_the_same(write, text):
    assert read_qrels(write(text)) == {"q1": {"d1": 1, "d2": 0}, "q2": {"a/b": 3}}


def test_ids_with_blanks_are_read_from_tables_with_tabs(write):
    assert read_qrels(write("query-id\tcorpus-id\tscore\nmy query\tmy document\t1\n")) == {
        "my query": {"my document": 1}
    }


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("q1 0 d1 1\nq1 0 d2\n", 2, "expected"),
        ("q1 0 d1 1\nq1 0 d2 0.5\n", 2, "whole number"),
        ("q1 0 d1 nan\n", 1, "whole number"),
        ("q1\td1\t1\n\td2\t1\n", 2, "expected"),
        ("q1 0 d1 1\n\nq1 0 d1 2\n", 3, "has grade 2 for 'q1', and above it has 1"),
        ("q1 0 d1 9999999999999\n", 1, "whole number"),
        ("just words\n", 1, "expected"),
    ],
)
def test_a_wrong_judgement_is_named_by_file_and_line(write, text, line, said):
    with pytest.raises(InvalidInput, match=rf"file\.txt, line {line}: .*{re.escape(said)}"):
        read_qrels(write(text))


def test_runs_are_ordered_as_trec_eval_does(write):
    run = read_run(
        write("q1 Q0 d3 1 0.5 tag\nq1 Q0 d1 9 0.9 tag\nq1 Q0 d2 0 0.5 tag\nq2 Q0 d1 1 -3e-2\nq1 Q0 d1 5 0.1 x\n")
    )
    assert run.tag == "tag"
    assert run.found == {"q1": [("d1", 0.9), ("d2", 0.5), ("d3", 0.5)], "q2": [("d1", -0.03)]}
    assert run.run["q1"] == ["d1", "d2", "d3"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("q1 Q0 d1 1 0.5 tag\nq1 Q0 d1\n", 2),
        ("q1 Q0 d1 one 0.5 t\n", 1),
        ("q1 Q0 d1 1 nan t\n", 1),
        ("\n\na b c d\n", 3),
    ],
)
def test_a_wrong_line_of_a_run_is_named_by_file_and_line(write, text, line):
    with pytest.raises(InvalidInput, match=rf"file\.txt, line {line}: expected `query Q0 document rank score tag`"):
        read_run(write(text))


@pytest.mark.parametrize("read", [read_run, read_qrels])
def test_files_with_nothing_in_them_and_files_that_are_not_there(write, tmp_path, read):
    with pytest.raises(InvalidInput, match="holds no"):
        read(write("\n \n"))
    with pytest.raises(InvalidInput, match="UTF-8"):
        read(write(b"q1 0 \xff 1\n"))
    with pytest.raises(NotFound):
        read(tmp_path / "nothing")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read(tmp_path)


def test_what_is_written_keeps_its_order_for_every_reader(tmp_path):
    """Also where scores are equal, or alike in the 32 bits of trec_eval, which then looks at the names."""
    path = tmp_path / "run.trec"
    order = ["a", "z", "m", "b", "y"]
    scores = [0.7, 0.5, 0.5, 0.5 - 1e-12, 0.0]
    write_run(path, {"q": list(zip(order, scores, strict=True))}, "my tag")
    assert read_run(path).run == {"q": order}
    assert read_run(path).tag == "my-tag"
    run = list(ir_measures.read_trec_run(str(path)))
    for place, name in enumerate(order, start=1):
        (found,) = ir_measures.iter_calc([ir_measures.RR], [ir_measures.Qrel("q", name, 1)], run)
        assert found.value == pytest.approx(1 / place)
    assert [one.score for one in run] == pytest.approx(scores, abs=1e-6)


def test_ids_that_a_run_cannot_hold_are_refused_before_anything_is_written(tmp_path):
    path = tmp_path / "run.trec"
    with pytest.raises(LycheeError, match="white space in them, such as 'two words'"):
        write_run(path, {"q": [("two words", 1.0)]}, "tag")
    assert list(tmp_path.iterdir()) == []
