"""What stage 2 is given of an item: what was read off its picture, then its text, and the passage that was found."""

from dataclasses import replace

import pytest
from support.toy_source import png

from content import Content
from indexer.item import Passage, Picture


@pytest.fixture
def stored(collection, encoded):
    """stored(text, ocr): an item with these, and a picture where there is ocr."""

    def make(text, ocr):
        shown = None if ocr is None else Picture(png((255, 0, 0)), "image/png")
        item = encoded("a", "red", picture=shown, colour=None if ocr is None else "red")
        collection.upsert([replace(item, text=text, ocr=ocr, vectors=item.vectors if text else {})])

    return make


def words(document: Content) -> str | None:
    return None if document.focus is None else document.text[slice(*document.focus)]


@pytest.mark.parametrize(
    ("text", "ocr", "whole"),
    [("red mug", None, "red mug"), ("red mug", "", "red mug"), ("red mug", "SALE 2024", "SALE 2024\nred mug")],
)
def test_what_was_read_off_the_picture_comes_before_the_text(collection, stored, text, ocr, whole):
    stored(text, ocr)
    (document,) = collection.documents(["a"])
    assert (document.text, document.focus) == (whole, None)
    (document,) = collection.documents(["a"], [Passage("text", 4, 7)])
    assert (document.text, words(document)) == (whole, "mug")


@pytest.mark.parametrize("text", ["red mug", None])
def test_the_passage_of_a_picture_is_found_in_it(collection, stored, text):
    stored(text, "SALE 2024")
    (document,) = collection.documents(["a"], [Passage("ocr", 5, 9)])
    assert words(document) == "2024"
    assert document.image is not None


@pytest.mark.parametrize("passage", [Passage("text", 0, 40), Passage("text", 40, 50), Passage("ocr", 0, 2)])
@pytest.mark.parametrize("ocr", [None, ""])
def test_a_passage_of_what_was_there_before_is_no_passage(collection, stored, passage, ocr):
    stored("red mug", ocr)
    (document,) = collection.documents(["a"], [passage])
    assert (document.text, document.focus) == ("red mug", None)
