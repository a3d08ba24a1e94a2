"""Mending of files of examples: what is mechanical is done and told, what takes a judgement is left."""

import json

import pytest

from content.errors import InvalidInput, NotFound
from reranker.examples.fixing import fix_file

TASK = "Given a user's search query, rank products by visual and textual relevance"


@pytest.fixture
def mend(tmp_path):
    """Mends these rows, and gives what was written and what was told."""

    def mend(*rows):
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))
        fixes = fix_file(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
        assert (tmp_path / "in.jsonl").read_bytes() == b"\n".join(lines)
        written = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
        assert (fixes.written, fixes.dropped) == (len(written), len(lines) - len(written))
        return [json.loads(line) for line in written], dict(fixes.by_kind())

    return mend


def row(**fields):
    return {"instruction": TASK, "query": "a mug", "document": "a red mug", "score": 0.5} | fields


@pytest.mark.parametrize(
    ("kind", "text", "mended"),
    [
        ("white-space", "  a red mug\n", "a red mug"),
        ("white-space", "\n    def f():\n        pass\n", "    def f():\n        pass"),
        ("html-entity", "Tom &amp; Jerry&#39;s mug", "Tom & Jerry's mug"),
        ("not-normalised", "cafe\u0301", "café"),
        ("image-marker", "[image_desc] a red mug", "[IMAGE_DESC] a red mug"),
        ("image-marker", "【IMG-DESCRIPTION】a red mug", "[IMAGE_DESC]a red mug"),
        ("control-character", "a re\bd mug", "a red mug"),
    ],
)
def test_texts_are_mended_on_all_sides(mend, kind, text, mended):
    rows, told = mend(
        row(query=text), row(document={"text": text}), {"query": "q", "positive": [text], "negatives": "n"}
    )
    assert [rows[0]["query"], rows[1]["document"]["text"], rows[2]["positive"][0]] == [mended] * 3
    assert told == {kind: 3}


@pytest.mark.parametrize(
    "text", ["a < b &amp; c", "Use &nbsp; in HTML", "plain", "x  y", "[0] is an index", "ﬁne ligature", "中文，标点。"]
)
def test_what_is_fine_is_left_as_it_is(mend, text):
    rows, told = mend(row(document=text))
    assert rows == [row(document=text)]
    assert told == {}


def test_entities_of_a_question_about_html_are_what_is_asked_for(mend):
    question = row(query="What does &amp; mean in HTML?", document="It is &amp; for the sign")
    assert mend(question) == ([question], {})


@pytest.mark.parametrize(
    ("label", "score"), [("yes", 1.0), ("No", 0.0), (1, 1.0), (False, 0.0), ("true", 1.0), ("0", 0.0)]
)
def test_labels_become_scores(mend, label, score):
    given = row(label=label)
    del given["score"]
    assert mend(given) == ([row(score=score)], {"label as score": 1})


@pytest.mark.parametrize(("score", "mended"), [("0.8", 0.8), ("85%", 0.85), (True, 1.0), (1.0000001, 1.0)])
def test_scores_that_can_mean_one_thing_only_are_mended(mend, score, mended):
    rows, told = mend(row(score=score))
    assert rows == [row(score=mended)]
    assert sum(told.values()) == 1


def test_percent_becomes_a_share_where_all_scores_are_percent(mend):
    rows, told = mend(*[row(score=score, document=f"mug {score}") for score in (0, 35, 85, 100)])
    assert [each["score"] for each in rows] == [0, 0.35, 0.85, 1]
    assert told == {"score-scale": 3}


@pytest.mark.parametrize("other", [0.5, 1, -1, 700])
def test_percent_beside_other_scores_is_not_guessed_at(mend, other):
    rows, told = mend(row(score=85), row(score=other, document="another mug"))
    assert told["left out: score-scale"] == 1
    assert [each["score"] for each in rows] == [other] * (0 <= other <= 1)


def test_marks_from_one_to_five_are_not_guessed_at(mend):
    assert mend(row(score=4), row(score=5), row(score=2)) == ([], {"left out: score-scale": 3})


def test_exact_duplicates_are_left_out_and_contradictions_are_not(mend):
    rows, told = mend(row(), row(), row(score=0.0), row(query=" a mug"))
    assert [each["score"] for each in rows] == [0.5, 0.0]
    assert told["left out: duplicate"] == 2


def test_lines_that_are_no_examples_are_left_out_and_counted_by_their_kind(mend):
    rows, told = mend(b"nonsense", b'{"query": "caf\xe9"}', row(document=""), row(document=["x"]), b"[]", row())
    assert rows == [row()]
    assert told == {
        f"left out: {kind}": 1 for kind in ("not-json", "not-utf8", "empty-side", "wrong-type", "not-object")
    }


def test_fields_that_nobody_reads_are_left_out_where_all_others_are_there(mend):
    rows, told = mend(row(source="shop"), {"query": "q", "documnet": "d", "score": 1})
    assert rows == [row()]
    assert told == {"unknown-field": 1, "left out: unknown-field": 1}


def test_a_field_written_twice_is_left_to_people(mend, tmp_path):
    line = json.dumps(row())[:-1] + ', "score": 0.9}'
    mend(line.encode())
    assert (tmp_path / "out.jsonl").read_text() == line + "\n"


def test_mending_twice_changes_nothing_more(mend, tmp_path):
    mend(row(document=" Tom &amp; Jerry "), row(score="70%"), row(query="[img_desc] x"))
    fixes = fix_file(tmp_path / "out.jsonl", tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()
    assert fixes.by_kind() == []


def test_the_file_itself_is_not_written_over(mend, tmp_path):
    mend(row())
    with pytest.raises(InvalidInput, match="the file itself"):
        fix_file(tmp_path / "in.jsonl", tmp_path / "in.jsonl")
    with pytest.raises(NotFound):
        fix_file(tmp_path / "none.jsonl", tmp_path / "out.jsonl")


def test_pictures_are_not_lost_by_writing_to_another_folder(mend, tmp_path):
    mend(row(document={"image": "mug.png"}))
    (tmp_path / "other").mkdir()
    with pytest.raises(InvalidInput, match="below its folder"):
        fix_file(tmp_path / "in.jsonl", tmp_path / "other" / "out.jsonl")
    assert list((tmp_path / "other").iterdir()) == []
