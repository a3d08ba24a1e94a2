"""What is read of a folder, and what becomes of that which is not as it should be."""

import json
import tracemalloc

import pytest
from support.beir import CORPUS, QRELS

from content import Content, Unreadable
from content.errors import InvalidInput, LycheeError, NotFound
from evaluation.folder.folder import BeirFolder
from evaluation.folder.rows import Rows


def test_title_and_text_are_one_text_and_pictures_are_read_from_below_the_folder(make):
    with BeirFolder(make()) as folder:
        assert folder.warnings == []
        assert folder.document("mug/red") == Content("red mug")
        assert folder.document("mug/blue") == Content("blue mug")
        both = folder.document("both")
        assert (both.text, both.image.size) == ("green bag", (8, 8))
        assert folder.query("q2") == Content("green")
        assert folder.qrels == {"q1": {"mug/red": 2, "square": 1}, "q2": {"both": 1}}


def test_a_query_may_be_a_picture_with_a_task_of_its_own(make):
    queries = [{"_id": 1, "image": "pictures/red.png", "instruction": "Find what looks alike"}]
    with BeirFolder(make(queries=queries, qrels="1\tsquare\t1\n")) as folder:
        assert folder.query("1").kind == "image"
        assert folder.instruction("1") == "Find what looks alike"


def test_lines_that_are_no_rows_are_counted_and_named_and_the_rest_is_read(make):
    bad = [
        "{", b'{"_id": "\xff"}', "[]", {"text": "no id"}, {"_id": "empty", "text": " "}, {"_id": "n", "text": 3},
        {"_id": "c\x1b[2J", "text": "x"}, {"_id": "mug/red", "text": "again"}, "",
        '{"_id": "deep", "text": ' + "[" * 9999,
    ]  # fmt: skip
    with BeirFolder(make(corpus=[*bad[:3], *CORPUS, *bad[3:]])) as folder:
        (warning,) = folder.warnings
        assert warning.startswith("9 lines of corpus.jsonl are no rows and are left out: corpus.jsonl:1: ")
        told = folder.corpus.problems.told
        assert "corpus.jsonl:12: the id 'mug/red' was used before, in line 4" in told
        assert any(one.startswith("corpus.jsonl:2: the line is not UTF-8") for one in told)
        assert len(folder.corpus) == len(CORPUS)
        assert folder.document("mug/red") == Content("red mug")


def test_what_is_judged_and_not_there_is_counted(make):
    qrels = f"{QRELS}nobody\tboth\t1\nq2\tnothing\t1\n"
    with BeirFolder(make(qrels=qrels)) as folder:
        assert folder.qrels.keys() == {"q1", "q2"}
        assert folder.qrels["q2"] == {"both": 1, "nothing": 1}  # it counts as not found
        assert folder.warnings == [
            "1 judged queries are not in queries.jsonl and are left out: 'nobody'",
            "1 judged documents are not in corpus.jsonl; they count as not found: 'nothing'",
        ]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"qrels": ""}, "test.tsv holds no judgements"),
        ({"qrels": "query-id\tcorpus-id\tscore\n"}, "test.tsv holds no judgements"),
        ({"qrels": "q1\tmug/red\t1\nq1\tsquare\thalf\n"}, "line 2: expected"),
        ({"qrels": b"\xff\xfe"}, "not written in UTF-8"),
        ({"qrels": "q9\tmug/red\t1\n"}, "no query of the judgements is in"),
        ({"corpus": ["{", "["]}, "holds no rows that can be read; the first problem is corpus.jsonl:1"),
        ({"queries": []}, "queries.jsonl holds no rows"),
    ],
)
def test_a_folder_with_nothing_to_measure_is_refused_in_a_sentence(make, parts, said):
    with pytest.raises(InvalidInput) as refused:
        BeirFolder(make(**parts))
    assert said in refused.value.message
    assert "\n" not in refused.value.message


def test_a_split_that_is_not_there_names_those_that_are(make, tmp_path):
    with pytest.raises(NotFound, match="there are test"):
        BeirFolder(make(), split="dev")
    with pytest.raises(NotFound, match="there is no folder"):
        BeirFolder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "image", ["pictures/none.png", "../../etc/passwd", "/etc/passwd", "pictures", "qrels/test.tsv"]
)
def test_a_picture_that_cannot_be_had_leaves_a_reason(make, image):
    with BeirFolder(make(corpus=[*CORPUS, {"_id": "bad", "image": image}])) as folder:
        assert isinstance(folder.document("bad"), Unreadable)
        assert isinstance(folder.document("not there"), Unreadable)
    with BeirFolder(make(queries=[{"_id": "q1", "text": "x", "image": image}])) as folder, pytest.raises(LycheeError):
        folder.query("q1")


def test_a_file_may_begin_with_a_byte_order_mark_and_end_without_a_line_break(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"_id": "a", "text": "\xe4\xb8\xad"}\r\n\r\n{"_id": "b", "text": "x"}')
    with Rows(path) as rows:
        assert (rows.row("a").text, rows.row("b").text, len(rows), "c" in rows) == ("中", "x", 2, False)
        assert [rows.line(place) for place in rows.places()] == [1, 3]


def test_rows_are_found_without_being_held(tmp_path):
    path = tmp_path / "corpus.jsonl"
    with path.open("w") as file:
        for number in range(2000):
            file.write(json.dumps({"_id": f"d{number}", "text": f"{number} " + "word " * 1000}) + "\n")
    tracemalloc.start()
    with Rows(path) as rows:
        now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert rows.row("d1999").text.startswith("1999 ")
    assert path.stat().st_size > 10_000_000
    assert now < 400_000  # the file's own buffer, and some tens of bytes a row
    assert peak < 1_000_000
