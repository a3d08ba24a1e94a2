"""Contents as they come in JSON."""

import base64

import numpy as np
import pytest
from support.pictures import encoded, picture

from content import Content, Unreadable
from content.errors import InvalidInput, NotAnImage, TooLarge, UrlRefused
from content.limits import ImageLimits
from content.payload import parse_content, parse_document

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
        content = parse_content(text, param="query")
        assert (content.text, content.image) == (text, None)


@pytest.mark.parametrize("image", [CODED, "data:image/png;base64," + CODED])
def test_pictures(image):
    content = parse_content({"text": "a mug", "image": image}, param="query")
    assert content.kind == "mixed"
    assert np.array_equal(content.image, picture())
    assert parse_content({"image": image, "text": None}, param="query").kind == "image"


@pytest.mark.parametrize(
    ("value", "param"),
    [
        (None, "query"),
        (3, "query"),
        (["text"], "query"),
        ({}, "query"),
        ("", "query"),
        (" \n", "query"),
        ({"text": "", "image": None}, "query"),
        ({"txt": "a"}, "query.txt"),
        ({"text": "a", "path": "/etc/passwd"}, "query.path"),
        ({"text": 3}, "query.text"),
        ({"image": {"url": "x"}}, "query.image"),
        ({"text": "a\0b"}, "query.text"),
        ("a\0b", "query"),
        ("half \ud83d", "query"),
        ({"text": "half \udc00"}, "query.text"),
    ],
)
def test_wrong_forms_are_refused_by_name(value, param):
    for parse in (parse_content, parse_document):
        with pytest.raises(InvalidInput) as caught:
            parse(value, param="query")
        assert type(caught.value) is InvalidInput
        assert caught.value.param == param


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
        parse_content({"text": "a", "image": image}, param="query")
    assert caught.value.param == "query.image"


@pytest.mark.parametrize("image", [image for image, _ in BAD_PICTURES])
def test_a_bad_picture_does_not_fail_a_batch(image):
    document = parse_document({"text": "a", "image": image}, param="documents[3]")
    assert isinstance(document, Unreadable)
    assert document.reason


def test_limits_are_kept():
    with pytest.raises(TooLarge) as caught:
        parse_content({"image": CODED}, param="query", limits=ImageLimits(max_bytes=100))
    assert caught.value.param == "query.image"
    with pytest.raises(TooLarge):
        parse_content({"image": CODED}, param="query", limits=ImageLimits(max_pixels=100))


def test_urls_are_fetched_by_the_source_alone():
    web = Web({"https://example.org/a.png": encoded(picture(), "PNG"), "http://example.org/b": b"<html>"})
    content = parse_content({"image": "https://example.org/a.png"}, param="query", images=web)
    assert np.array_equal(content.image, picture())
    for url in ("http://example.org/b", "http://example.org/c"):
        with pytest.raises(NotAnImage) as caught:
            parse_content({"image": url}, param="query", images=web)
        assert caught.value.param == "query.image"


def test_good_documents_are_contents():
    document = parse_document({"text": "a", "image": CODED}, param="documents[0]")
    assert isinstance(document, Content)
    assert document.kind == "mixed"
