"""What visitors take away: Markdown, CSV for spreadsheets, JSON for programs, and the code that does the same."""

import csv
import html as markup
import io
import json
import re

from starlette.testclient import TestClient
from support.toy_service import COLLECTION, half_a_picture, picture, toy_service

from api.app import create_app
from search.settings import Settings


def rows_of(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_csv_has_a_row_for_each_document_that_is_shown(tab, upload):
    tab.rerank("red", 'red, "mug"\nblue', files=[upload("红.png", picture("red")), upload("b.png", half_a_picture())])
    file = tab.take("csv")
    assert (file["name"], file["type"]) == ("rerank.csv", "text/csv;charset=utf-8")
    assert file["text"].startswith("\ufeffrank,score,place,")
    rows = rows_of(file["text"])
    assert [(row["rank"], row["score"], row["place"], row["name"], row["text"]) for row in rows] == [
        ("1", "1.0", "3", "红.png", ""),
        ("2", "0.0", "1", "", 'red, "mug"'),
        ("3", "0.0", "2", "", "blue"),
        ("4", "", "4", "b.png", ""),
    ]
    assert rows[3]["error"]
    assert len(rows_of(tab.take("csv", threshold=0.5)["text"])) == 1


def test_no_cell_of_the_csv_is_a_formula(tab, upload):
    formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＠x"]
    table = upload("x.jsonl", "\n".join(json.dumps({"id": each, "text": "\t=1", "m": each}) for each in formulas))
    tab.rerank("red", "\n".join(formulas), files=[table])
    for row in rows_of(tab.take("csv")["text"]):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "＝", "＠")) for cell in row.values())
    assert {row["text"] for row in rows_of(tab.take("csv")["text"])} >= {f"'{each}" for each in formulas}


def test_lines_within_a_text_stay_in_their_cell(tab):
    tab.rerank("red", "red\nmug;\n\nblue", split="block")
    assert [row["text"] for row in rows_of(tab.take("csv")["text"])] == ["red\nmug;", "blue"]


def test_the_json_is_as_the_api_answers(tab):
    tab.rerank("red mug", "blue\nred mug")
    told = json.loads(tab.take("json")["text"])
    assert told["model"] == "toy-reranker"
    assert told["margin"] == 1.0
    assert [(each["rank"], each["index"], each["score"], each["text"]) for each in told["results"]] == [
        (1, 1, 1.0, "red mug"),
        (2, 0, 0.0, "blue"),
    ]


def test_each_download_is_news_to_the_browser(tab):
    tab.rerank("red", "red\nblue")
    assert tab.take("csv") != tab.take("csv")


def test_the_markdown_has_the_rows_that_are_shown(tab):
    tab.rerank("red mug", "blue\nred mug\n*red* | x")
    (copied,) = re.findall(r'data-copy="([^"]*)"', tab.cut(top_k=2))
    lines = markup.unescape(copied).splitlines()
    assert lines[2:] == ["| 1 | 1.0000 | 1 | red mug |", "| 2 | 0.0000 | 0 | blue |"]


def test_the_code_does_what_the_page_did(tab, upload, tmp_path):
    """The very body, pictures aside, sent to the route that it names."""
    tab.rerank("red mug", "blue\nred mug\nred", instruction="web-search")
    shown = [float(each) for each in re.findall(r"<strong>([\d.]+)</strong>", tab.cut(threshold=0.4, top_k=2))]
    deed = tab.handlers.shell.deeds.of("session")
    settings = Settings(collections=tmp_path / "other", collection=COLLECTION)
    app = create_app(settings, lambda given: toy_service(given, tab.service.reranker))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        while client.get("/ready").status_code != 200:
            pass
        answer = client.post(deed.path, json=deed.body)
    assert answer.status_code == 200, answer.text
    assert [result["score"] for result in answer.json()["results"]] == shown == [1.0, 0.5]


def test_pictures_stand_in_the_code_as_files_and_long_lists_are_said_to_be_shortened(tab, upload):
    tab.rerank("red", files=[upload("red mug.png", picture("red")), upload("b.png", picture("blue"))])
    assert 'Content(image=Path("red mug.png").read_bytes())' in markup.unescape(tab.last[tab.handlers.code])
    tab.rerank("red", "\n".join(f"red {number}" for number in range(200)))
    assert "first 50 of 200 documents" in tab.last[tab.handlers.code]
