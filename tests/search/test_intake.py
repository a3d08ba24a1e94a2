"""What callers send, made readable."""

import io

import pytest
from PIL import Image
from support.table_reranker import add_texts, png
from support.toy_encoder import ToyEncoder
from support.toy_service import base64_of

from content import Content, Unreadable
from content.errors import InvalidInput, NotFound, TooLarge
from search.intake import Given, Intake, Stored, TextLimits
from search.library import Library

RED = base64_of(png(Image.new("RGB", (4, 4), (255, 0, 0))))


class Web:
    def fetch(self, url: str) -> bytes:
        buffer = io.BytesIO()
        Image.new("RGB", (2, 2), (0, 0, 255)).save(buffer, "PNG")
        return buffer.getvalue()


@pytest.fixture
def library(tmp_path):
    encoder = ToyEncoder()
    library = Library(tmp_path, encoder)
    for name, text in (("toys", "red mug"), ("other", "blue bag")):
        library.create(name)
        add_texts(library.open(name), encoder, {"a": text})
    yield library
    library.close()


@pytest.fixture
def intake(library):
    return Intake(library, "toys", images=Web(), text_limits=TextLimits(query=5, document=8))


def test_texts_pictures_urls_and_stored_items_stand_in_one_list(intake):
    sources = [
        Given("a mug"),
        Given("a mug", RED),
        Given(None, "https://example.org/blue.png"),
        Stored("a"),
        Stored("a", "other"),
        Content(text="ready"),
        Unreadable("torn"),
    ]

    documents = intake.documents(sources)

    assert [document.text if isinstance(document, Content) else document.reason for document in documents] == [
        *("a mug", "a mug", None, "red mug", "blue bag", "ready", "torn")
    ]
    assert documents[1].image.getpixel((0, 0)) == (255, 0, 0)
    assert documents[2].image.getpixel((0, 0)) == (0, 0, 255)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (Given(), "neither a text nor an image"),
        (Given("123456789"), "9 characters; at most 8"),
        (Given(None, "no base64!"), "base64"),
        (Stored("b"), "'b' of toys"),
        (Stored("a", "nowhere"), "no collection nowhere"),
        (Stored("a", "../toys"), "no name for a collection"),
    ],
)
def test_a_document_that_cannot_be_read_says_why_and_fails_nobody_else(intake, source, reason):
    good, bad = intake.documents([Given("good"), source])
    assert isinstance(good, Content)
    assert isinstance(bad, Unreadable)
    assert reason in bad.reason


@pytest.mark.parametrize(
    ("source", "kind", "param"),
    [
        (Given("123456"), TooLarge, "question.text"),
        (Given("a\0b"), InvalidInput, "question.text"),
        (Given(None, "file:///etc/passwd"), InvalidInput, "question.image"),
        (Stored("b"), NotFound, "question"),
        (Stored("a", "nowhere"), NotFound, "question.collection"),
        (Stored("a"), TooLarge, "question"),  # "red mug" is longer than a query may be
        (Unreadable("torn"), InvalidInput, "question"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused_by_its_field(intake, source, kind, param):
    with pytest.raises(kind) as refused:
        intake.query(source, param="question")
    assert refused.value.param == param


def test_a_text_to_embed_or_store_may_be_longer_than_a_query(intake):
    assert intake.content(Given("12345678"), param="input[0]").text == "12345678"
    assert intake.text("12345678", param="items[0].text") == "12345678"
    with pytest.raises(TooLarge, match="at most 8"):
        intake.text("123456789", param="items[0].text")


def test_pictures_by_url_are_refused_where_nobody_fetches_them(library):
    (document,) = Intake(library, "toys").documents([Given(None, "https://example.org/blue.png")])
    assert isinstance(document, Unreadable)
    assert "switched off" in document.reason


def test_a_picture_file_is_read_when_it_is_needed_and_shown_to_who_asked(intake):
    seen, asked = [], []

    def read() -> bytes:
        asked.append(True)
        return png(Image.new("RGB", (4, 4), (255, 0, 0)))

    source = Given("a mug", read, seen.append)
    assert asked == []
    (document,) = intake.documents([source])
    assert seen == [document.image]
    assert document.image.getpixel((0, 0)) == (255, 0, 0)


def test_a_picture_file_that_cannot_be_read_is_one_documents_trouble(intake):
    def read() -> bytes:
        raise NotFound("it was deleted")

    assert intake.documents([Given(None, read)]) == [Unreadable("it was deleted")]
