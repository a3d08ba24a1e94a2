"""The reader of URLs over anything that may be sent as one."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.errors import UrlRefused
from content.fetching.hosts import address_in
from content.fetching.url import read_url

PIECES = ["http://", "https://", "a.example", "127.0.0.1", "0x7f", "[::1]", "[::ffff:1.2.3.4]", "%", "%25", "%0d%0a"]
PIECES += ["@", ":", ":80", ":443", "/", "//", "\\", "?", "#", ".", "..", "。", "１", "xn--", "é", "ß", "\u200d", "\t"]
URLS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES) | st.characters(), max_size=12).map("".join))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://user:word@a.example/", "a user name or password before its host"),
        ("http://a.example:8080/", "from the ports 80 and 443 only, not from 8080"),
        ("http://127.1/", "`127.1` is not written as an address is; an address is four decimal numbers"),
        ("http://a..example/", "`a..example` is not the name of a host"),
        ("http://a.example/a cat.png", "a space, a backslash or an unprintable character in it; percent-encode it"),
        ("ftp://a.example/", "begins with `http://` or `https://`; this one has `ftp:`"),
        ("http://a.example/" + "x" * 2032, "the URL has 2,049 characters; at most 2,048 are read"),
    ],
)
def test_a_refusal_says_what_is_wrong(url, said):
    with pytest.raises(UrlRefused) as refused:
        read_url(url)
    assert said in refused.value.message


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(st.sampled_from(["", "http://", "https://a.example/"]), URLS)
@example("http://", "a.example:443?x#y")
def test_any_text_is_refused_or_read_as_everybody_else_reads_it(start, text):
    try:
        url = read_url(start + text)
    except UrlRefused:
        return
    written = str(url)
    assert written.isascii()
    assert written.isprintable()
    assert url.target.startswith("/")
    assert read_url(written) == url
    other = urlsplit(written)
    assert (other.scheme, other.hostname, other.username) == (url.scheme, url.host, None)
    assert (other.port or {"http": 80, "https": 443}[other.scheme]) == url.port
    assert address_in(url.host) == _address(url.host)


def _address(host):
    try:
        return ip_address(host)
    except ValueError:
        return None
