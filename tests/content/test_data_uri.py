"""Pictures as JSON carries them."""

import base64
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.data_uri import decode_data_uri_or_base64
from content.errors import InvalidInput, TooLarge
from content.limits import ImageLimits

DATA = bytes(range(256)) + b"\xfb\xff\xfe"
CODED = base64.b64encode(DATA).decode()


@pytest.mark.parametrize(
    "text",
    [
        CODED,
        CODED.rstrip("="),
        base64.urlsafe_b64encode(DATA).decode(),
        base64.urlsafe_b64encode(DATA).decode().rstrip("="),
        "\n".join(textwrap.wrap(CODED, 76)),
        "  " + CODED + "\r\n",
        "data:image/png;base64," + CODED,
        "DATA:image/png;BASE64," + CODED,
        "data:;base64," + CODED,
        "data:image/jpeg;charset=utf-8;name=a.jpg;base64," + CODED,
        "data:image/png;base64,\n" + "\n".join(textwrap.wrap(CODED, 60)),
        "data:image/png;base64," + CODED.replace("+", "%2B").replace("=", "%3D").replace("/", "%2F"),
        " data:image/png;base64 ," + CODED,
        "data:image/png," + "".join(f"%{byte:02x}" for byte in DATA),
    ],
)
def test_forms_that_are_read(text):
    assert decode_data_uri_or_base64(text, param="query.image") == DATA


@pytest.mark.parametrize(
    "text", ["cat.jpg", "not base64!", "A", "AAAAA", "データ", "data:image/png;base64", "==A=", "a\ud800"]
)
def test_what_is_neither_is_refused_by_name(text):
    with pytest.raises(InvalidInput) as caught:
        decode_data_uri_or_base64(text, param="documents[1].image")
    assert caught.value.param == "documents[1].image"
    assert "base64" in caught.value.message


@pytest.mark.parametrize("head", ["", "data:image/png;base64,"])
def test_size_is_checked_before_decoding(head):
    limits = ImageLimits(max_bytes=300)
    assert len(decode_data_uri_or_base64(head + "A" * 400, param=None, limits=limits)) == 300
    with pytest.raises(TooLarge) as caught:
        decode_data_uri_or_base64(head + "A" * 404, param="image", limits=limits)
    assert (caught.value.param, "303" in caught.value.message) == ("image", True)
    with pytest.raises(TooLarge):  # too large and wrong: not even looked at
        decode_data_uri_or_base64(head + "!" * 404, param="image", limits=limits)


def test_size_of_percent_encoding():
    limits = ImageLimits(max_bytes=10)
    assert decode_data_uri_or_base64("data:," + "%41" * 10, param=None, limits=limits) == b"A" * 10
    with pytest.raises(TooLarge):
        decode_data_uri_or_base64("data:," + "%41" * 11, param=None, limits=limits)


def test_too_many_escapes_are_refused_before_they_are_undone():
    for head in ("data:,", "data:image/png;base64,"):
        with pytest.raises(TooLarge, match="1,000,000"):
            decode_data_uri_or_base64(head + "%41" * 1_000_001, param="image")


@settings(max_examples=200, derandomize=True)
@given(st.text(max_size=80))
def test_any_string_gives_bytes_or_our_error(text):
    try:
        assert isinstance(decode_data_uri_or_base64(text, param="image"), bytes)
    except InvalidInput as error:
        assert error.param == "image"  # noqa: PT017
