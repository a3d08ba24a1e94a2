"""What visitors bring becomes documents, in order, and what is wrong with one of them is its own trouble."""

import json

import pytest
from support.table_of import table_of
from support.toy_service import data_uri, half_a_picture, picture

from api.page.complaints import Complaint


def ranks(html: str) -> list[tuple[str, str, str]]:
    """Score, place in the input, and the beginning of the document, best first."""
    return [(score, place.split()[-1], document) for _, score, place, document in table_of(html)]


def test_each_line_is_a_document_and_blank_ones_are_none(tab):
    html = tab.rerank(lines="blue bag\n\n  red mug\r\n   \nred bag\n")
    assert [(score, place) for score, place, _ in ranks(html)] == [("1.000", "2"), ("0.500", "3"), ("0.000", "1")]
    assert "red mug" in ranks(html)[0][2]


def test_a_document_may_have_lines_where_empty_lines_divide_them(tab):
    html = tab.rerank(lines="blue\nbag\n\n\n red\r\nmug \r\n \r\nred\n", split="block")
    assert [(score, place) for score, place, _ in ranks(html)] == [("1.000", "2"), ("0.500", "3"), ("0.000", "1")]


def test_pictures_are_documents_by_their_names_and_a_broken_one_fails_nobody_else(tab, upload):
    files = [
        upload("blau.png", picture("blue")),
        upload("halb.png", half_a_picture()),
        upload("红.png", picture("red")),
    ]
    html = tab.rerank("red", files=[*files, upload("notes.txt", "these are words")])
    first, second, *failed = ranks(html)
    assert first[:2] == ("1.000", "3")
    assert first[2].startswith("红.png")
    assert second[2].startswith("blau.png")
    assert [(score, place) for score, place, _ in failed] == [("–", "2"), ("–", "4")]
    assert "halb.png Not judged: the picture" in failed[0][2]
    assert "notes.txt Not judged" in failed[1][2]
    assert html.count("<img ") == 2  # those that could be read


def test_thumbnails_are_small_and_nothing_else_is_kept_of_pictures(tab, upload):
    tab.rerank("red", files=[upload("red.png", picture("red"))])
    (document,) = tab.state.documents
    assert document.thumbnail.startswith("data:image/")
    assert len(document.thumbnail) < 20_000
    assert not hasattr(document, "image")


def test_texts_pictures_and_rows_stand_in_one_ranking(tab, upload):
    rows = [{"id": "a", "text": "mug", "image": data_uri("red"), "price": 3}, {"text": "blue"}]
    table = upload("items.jsonl", "\n".join(map(json.dumps, rows)))
    html = tab.rerank(lines="red", files=[table, upload("red.png", picture("red"))])
    assert [(score, place) for score, place, _ in ranks(html)] == [
        *(("1.000", "2"), ("0.500", "1"), ("0.500", "4"), ("0.000", "3"))
    ]
    assert ranks(html)[0][2].startswith("a mug price: 3")
    assert ranks(html)[3][2].startswith("items.jsonl:2 blue")


def test_a_table_makes_the_server_read_none_of_its_files(tab, upload, tmp_path):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "x.png").write_bytes(picture("red"))
    (tmp_path / "y.png").write_bytes(picture("red"))
    hostile = ["/etc/passwd", "x.png", "../y.png", str(tmp_path / "y.png"), "file:///etc/passwd"]
    rows = "".join(f"bad,{cell}\n" for cell in hostile)
    html = tab.rerank("red", files=[upload("items.csv", f"text,image\n{rows}red,\nred,http://127.0.0.1/a.png\n")])
    first, *failed = ranks(html)
    assert first[:2] == ("1.000", "6")
    assert [score for score, *_ in failed] == ["–"] * 6
    for _, _, told in failed[:5]:
        assert "brings no files along" in told
    assert "URL" in failed[5][2]


def test_rows_that_are_none_are_marked_and_the_others_judged(tab, upload):
    html = tab.rerank(files=[upload("items.csv", 'text,image\nred mug,\n,\n"a",b,c\n,no picture at all\n')])
    first, *failed = ranks(html)
    assert first[0] == "1.000"
    assert [place for _, place, _ in failed] == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("items.csv", "name,price\nmug,3\n", "neither a column `text` nor a column `image`"),
        ("items.parquet", "no parquet", "not a readable Parquet"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(tab, upload, name, data, told):
    with pytest.raises(Complaint) as refused:
        tab.rerank(files=[upload(name, data)])
    assert refused.value.key == "rerank.bad_table"
    assert told in refused.value.values["reason"]


def test_there_is_a_limit_to_the_number_of_documents(open_tab, upload):
    tab = open_tab(max_documents=3)
    assert len(ranks(tab.rerank(lines="a\nb\nc"))) == 3
    table = upload("items.csv", "text\n" + "a\n" * 2)
    for form in ({"lines": "a\nb\nc\nd"}, {"lines": "a\nb", "files": [table]}):
        with pytest.raises(Complaint) as refused:
            tab.rerank(**form)
        assert (refused.value.key, refused.value.values) == ("rerank.too_many", {"most": "3"})


def test_a_text_that_is_too_long_is_named_and_fails_nobody_else(open_tab):
    html = open_tab(max_text_characters=10).rerank(lines="red mug\n" + "long " * 3)
    first, failed = ranks(html)
    assert first[0] == "1.000"
    assert failed[1] == "2"
    assert "14 characters; at most 10" in failed[2]


def test_a_table_with_more_in_it_than_a_request_may_have_is_refused(open_tab, upload):
    tab = open_tab(max_body_bytes=2**20)
    table = upload("items.csv", "text\n" + f"{'a' * 300_000}\n" * 5)
    with pytest.raises(Complaint) as refused:
        tab.rerank(files=[table])
    assert (refused.value.key, refused.value.values["origin"]) == ("rerank.too_much", "items.csv:5")


def test_without_a_query_or_documents_it_says_what_is_missing(tab):
    for form, key in (({"query": " ", "lines": "a"}, "error.empty_query"), ({"lines": " \n"}, "rerank.no_documents")):
        with pytest.raises(Complaint) as refused:
            tab.rerank(**form)
        assert refused.value.key == key


def test_a_query_that_cannot_be_read_is_said_to_be_the_query(open_tab, upload):
    tab = open_tab(max_query_characters=5)
    for form in ({"query": "too long"}, {"query": "", "picture": upload("half.png", half_a_picture()).path}):
        with pytest.raises(Complaint) as refused:
            tab.rerank(lines="a", **form)
        assert refused.value.key == "rerank.bad_query"


def test_a_query_may_be_a_picture(tab, upload):
    html = tab.rerank("", "blue\nred", picture=upload("red.png", picture("red")).path)
    assert [place for _, place, _ in ranks(html)] == ["2", "1"]
