"""`lychee index --ocr`: pictures described by the text in them, from the command line to the search that finds them."""

import json

import pytest
from support.error_line import one_error_line
from support.toy_text_reader import ToyTextReader
from support.written_pictures import Look, written_picture

import search.assembly
from content.errors import ModelError


@pytest.fixture
def toy_reader(monkeypatch) -> ToyTextReader:
    reader = ToyTextReader({(255, 0, 0): "a red word"})
    monkeypatch.setattr(search.assembly, "load_text_reader", lambda: reader)
    return reader


def test_index_tells_in_how_many_pictures_it_found_text(lychee, toy_reader):
    _, out, _ = lychee("index", "things", "--collection", "toys", "--ocr")
    assert "5 indexed, 0 unchanged, 1 refused" in out
    assert "text in 1 of the pictures" in out
    report = json.loads(lychee("index", "things", "--collection", "others", "--ocr", "--json")[1])
    assert (report["texts_found"], report["unread"]) == (1, 0)


def test_without_ocr_nobody_looks(lychee, toy_reader):
    _, out, _ = lychee("index", "things", "--collection", "toys")
    assert "text in" not in out
    assert toy_reader.reads == 0
    again = json.loads(lychee("index", "things", "--collection", "toys", "--ocr", "--json")[1])
    assert (again["indexed"], again["unchanged"], again["texts_found"]) == (2, 3, 1)


def test_pictures_that_could_not_be_read_are_told_of(lychee, monkeypatch):
    monkeypatch.setattr(search.assembly, "load_text_reader", lambda: ToyTextReader({(255, 0, 0): None}))
    code, out, _ = lychee("index", "things", "--collection", "toys", "--ocr")
    assert code == 0
    assert "5 indexed" in out
    assert "1 could not be read" in " ".join(out.split())


def test_a_missing_library_is_told_of_before_anything_is_made(lychee, folder, monkeypatch):
    def missing():
        raise ModelError("install it: pip install rapidocr")

    monkeypatch.setattr(search.assembly, "load_text_reader", missing)
    code, _, err = lychee("index", "things", "--collection", "toys", "--ocr")
    assert code == 2
    assert "pip install rapidocr" in one_error_line(err)
    assert not (folder / "collections" / "toys").exists()


@pytest.mark.slow
def test_the_slide_with_the_figure_is_found_by_what_it_says(lychee, folder):
    slides = folder / "slides"
    slides.mkdir()
    texts = {
        "revenue": ["年度报告", "2024年营收 1,234 万元"],
        "older": ["年度报告", "2023年营收 1,056 万元"],
        "profit": ["年度报告", "2024年利润 321 万元"],
        "thanks": ["Thank you for listening", "Questions?"],
    }
    for seed, (name, lines) in enumerate(texts.items()):
        look = Look("serif", 36, slant=3, noise=10, ground="photograph", dark=seed % 2 == 0)
        written_picture(lines, look, seed).save(slides / f"{name}.jpg", quality=80)
    report = json.loads(lychee("index", "slides", "--collection", "slides", "--ocr", "--json")[1])
    assert (report["indexed"], report["texts_found"], report["unread"]) == (4, 4, 0)
    found = json.loads(lychee("search", "2024年营收", "--collection", "slides", "--json", "--reranker", "none")[1])
    assert found["hits"][0]["id"] == "revenue.jpg"
