"""Contents as they come in JSON."""

import base64

import numpy as np
import pytest
from support.pictures import encoded, picture

from content import Content, Unreadable
from content.errors import InvalidInput, NotAnImage, TooLarge, UrlRefused
from content.limits import ImageLimits
from content.payload import read_content, read_document

CODED = base64.b64encode(encoded(picture(), "PNG")).decode()


class Web:
    """Serves the bytes it was given, by URL."""

    def __init__(self, pages):
        self.pages = pages

    def fetch(self, url):
        if url not in self.pages:
            raise NotAnImage(f"nothing at {url}")
        return self.pages[url]


def test_a_string_is_text_whatever_it_looks_like():
    for text in ("two mugs", CODED, "data:image/png;base64," + CODED, "http://x/y.png", "/etc/passwd", "cat.jpg"):
        content = read_content(text, None, param="query")
        assert (content.text, content.image) == (text, None)


@pytest.mark.parametrize("image", [CODED, "data:image/png;base64," + CODED])
def test_pictures(image):
    content = read_content("a mug", image, param="query")
    assert content.kind == "mixed"
    assert np.array_equal(content.image, picture())
    assert read_content(None, image, param="query").kind == "image"
    assert read_content(" ", image, param="query").kind == "image"


BAD_TEXTS = [
    (None, "query"),
    ("", "query"),
    (" \n", "query"),
    ("a\0b", "query.text"),
    ("half \ud83d", "query.text"),
    ("half \udc00", "query.text"),
]


@pytest.mark.parametrize(("text", "param"), BAD_TEXTS)
def test_nothing_and_bad_texts_are_refused_by_name(text, param):
    with pytest.raises(InvalidInput) as caught:
        read_content(text, None, param="query")
    assert type(caught.value) is InvalidInput
    assert caught.value.param == param


def test_a_bad_text_is_refused_beside_a_picture_too():
    with pytest.raises(InvalidInput) as caught:
        read_content("a\0b", CODED, param="query")
    assert caught.value.param == "query.text"


BAD_PICTURES = [
    ("file:///etc/passwd", InvalidInput),
    ("ftp://host/cat.jpg", InvalidInput),
    ("/etc/passwd.jpg", InvalidInput),
    ("../cat.jpg", InvalidInput),
    ("no base64!", InvalidInput),
    ("", NotAnImage),
    (base64.b64encode(b"just text").decode(), NotAnImage),
    (base64.b64encode(encoded(picture(), "JPEG")[:200]).decode(), NotAnImage),
    ("http://127.0.0.1/cat.jpg", UrlRefused),
    ("HTTPS://example.org/cat.jpg", UrlRefused),
]


@pytest.mark.parametrize(("image", "error"), BAD_PICTURES)
def test_bad_pictures_are_refused_by_name(image, error):
    with pytest.raises(error) as caught:
        read_content("a", image, param="query")
    assert caught.value.param == "query.image"


@pytest.mark.parametrize(
    ("text", "image"), [*((text, None) for text, _ in BAD_TEXTS), *(("a", image) for image, _ in BAD_PICTURES)]
)
def test_a_bad_document_does_not_fail_a_batch(text, image):
    document = read_document(text, image)
    assert isinstance(document, Unreadable)
    assert document.reason


def test_limits_are_kept():
    with pytest.raises(TooLarge) as caught:
        read_content(None, CODED, param="query", limits=ImageLimits(max_bytes=100))
    assert caught.value.param == "query.image"
    with pytest.raises(TooLarge):
        read_content(None, CODED, param="query", limits=ImageLimits(max_pixels=100))


def test_urls_are_fetched_by_the_source_alone():
    web = Web({"https://example.org/a.png": encoded(picture(), "PNG"), "http://example.org/b": b"<html>"})
    content = read_content(None, "https://example.org/a.png", param="query", images=web)
    assert np.array_equal(content.image, picture())
    for url in ("http://example.org/b", "http://example.org/c"):
        with pytest.raises(NotAnImage) as caught:
            read_content(None, url, param="query", images=web)
        assert caught.value.param == "query.image"


def test_good_documents_are_contents():
    document = read_document("a", CODED)
    assert isinstance(document, Content)
    assert document.kind == "mixed"
