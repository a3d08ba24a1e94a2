"""Lines of examples in their three forms, and files of them, read and written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import InvalidInput, NotFound
from reranker.examples.contents import Contents
from reranker.examples.example import Example, Side, grouped
from reranker.examples.file import Malformed, examples, read, write
from reranker.examples.line import parse, render


def line(**fields) -> str:
    return json.dumps(fields)


def test_a_triple_is_one_example():
    (one,) = parse(line(instruction="i", query="q", document={"text": "d", "image": "a.png"}, score=0.25), 7)
    assert one == Example("i", Side("q"), Side("d", "a.png"), 0.25, 7)


@pytest.mark.parametrize(
    ("label", "score"), [(0, 0.0), (1, 1.0), (True, 1.0), (False, 0.0), ("yes", 1.0), ("No", 0.0), (1.0, 1.0)]
)
def test_a_label_is_a_score_of_nought_or_one(label, score):
    assert parse(line(query="q", document="d", label=label)) == [Example("", Side("q"), Side("d"), score)]


def test_a_group_is_its_positives_and_then_its_negatives():
    found = parse(line(query="q", positive="a", negatives=["b", {"image": "c.png"}]))
    assert [(one.document, one.score) for one in found] == [(Side("a"), 1), (Side("b"), 0), (Side(None, "c.png"), 0)]
    assert len(grouped(found)) == 1


@pytest.mark.parametrize(
    ("text", "param"),
    [
        ("{", None),
        ("[1]", None),
        ("[" * 100_000, None),
        (line(query="q", document="d"), None),
        (line(query="q", document="d", score=1, label=1), None),
        (line(query="q", document="d", score=1.5), "score"),
        (line(query="q", document="d", score=True), "score"),
        (line(query="q", document="d", score="1"), "score"),
        (line(query="q", document="d", score=float("nan")), "score"),
        (line(query="q", document="d", label="true"), "label"),
        (line(query="q", document="d", label=[1]), "label"),
        (line(query="", document="d", label=1), "query"),
        (line(query="q", document={"text": None}, label=1), "document"),
        (line(query="q", document={"text": 1}, label=1), "document.text"),
        (line(query="q\0", document="d", label=1), "query.text"),
        ('{"query": "q", "document": "\\ud800", "label": 1}', "document.text"),
        (line(query="q", positive=[], negatives=["n"]), "positive"),
        (line(query="q", positive="p", negatives=["n", 5]), "negatives[1]"),
        (line(instruction=0, query="q", document="d", label=1), "instruction"),
        (line(instruction=["i"], query="q", document="d", label=1), "instruction"),
    ],
)
def test_what_is_no_example_is_refused_and_its_field_named(text, param):
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert refused.value.param == param


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip)
SIDE = st.builds(Side, TEXT, st.none() | TEXT) | st.builds(Side, st.none(), TEXT)


@given(st.builds(Example, TEXT, SIDE, SIDE, st.floats(0, 1)))
def test_what_is_written_reads_back_as_it_was(example):
    assert parse(render(example)) == [example]
    assert "\n" not in render(example)


def test_a_file_is_read_with_its_bad_lines_in_their_places(tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line(query="q", document="d", score=1).encode() + b"\r\n\r\nnonsense\n")
    good, bad = read(path)
    assert (good.line, good.query) == (1, Side("q"))
    assert isinstance(bad, Malformed)
    assert bad.line == 3
    with pytest.raises(InvalidInput, match=r"1 lines are no examples .*line 3.*lychee data check"):
        examples(path)


def test_files_that_cannot_be_read_or_hold_nothing_say_so(tmp_path):
    with pytest.raises(NotFound):
        examples(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n\n")
    with pytest.raises(InvalidInput, match="holds no examples"):
        examples(tmp_path / "empty.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"caf\xe9")
    with pytest.raises(InvalidInput, match="UTF-8"):
        examples(tmp_path / "latin.jsonl")
    with pytest.raises(InvalidInput):
        examples(tmp_path)


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "out.jsonl"
    one = Example("i", Side("q"), Side("d"), 0.5)
    assert write(path, [one, one]) == 2

    def broken():
        yield one
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        write(path, broken())
    assert [each.score for each in examples(path)] == [0.5, 0.5]
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(InvalidInput):
        write(tmp_path / "no folder" / "out.jsonl", [one])


def test_pictures_are_read_from_below_the_folder_only(tmp_path, picture):
    folder = tmp_path / "data"
    folder.mkdir()
    picture(20, 10).save(folder / "in.png")
    picture(20, 10).save(tmp_path / "out.png")
    contents = Contents(folder)

    assert contents.content(Side("a mug", "in.png")).image.size == (20, 10)
    assert contents.content(Side("a mug")).image is None
    with pytest.raises(InvalidInput, match="leads out"):
        contents.content(Side(image="../out.png"))
    with pytest.raises(NotFound):
        contents.content(Side(image="none.png"))
    assert "no file" in contents.document(Side(image="none.png")).reason
