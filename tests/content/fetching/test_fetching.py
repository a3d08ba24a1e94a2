"""A picture on its way: what is asked, which redirects are followed, and what is taken for an answer."""

import shutil
import ssl
import subprocess

import pytest
from support.pictures import FORMATS, encoded, picture
from support.web import PUBLIC, PUBLIC_6, http, redirect

from content.errors import NotAnImage, TooLarge, UrlFailed, UrlRefused
from content.limits import ImageLimits

CAT = "http://public.example/cat.png"
HTML = b"<!doctype html><title>secret-of-the-page</title>" + b" " * 5000


@pytest.mark.parametrize(
    ("url", "line", "host"),
    [
        ("http://public.example/cat.png", "/cat.png", "public.example"),
        ("HTTP://Public.Example.:80/cat.png#part", "/cat.png", "public.example"),
        ("http://public.example:443/a?b=c", "/a?b=c", "public.example:443"),
        ("http://public.example?b", "/?b", "public.example"),
        ("http://public.example/图/é.png?q=\"'<>", "/%E5%9B%BE/%C3%A9.png?q=%22'%3C%3E", "public.example"),
        ("http://public.example/%2e%2e/a%20b", "/%2e%2e/a%20b", "public.example"),
        (f"http://{PUBLIC}/x", "/x", PUBLIC),
        (f"http://[{PUBLIC_6}]/x", "/x", f"[{PUBLIC_6}]"),
    ],
)
def test_what_is_asked(source, web, public, pages, png, url, line, host):
    web.sites[PUBLIC_6] = public
    pages[line] = http(png)

    assert source.fetch(url) == png

    request, *headers = public.requests[0].split("\r\n")
    assert request == f"GET {line} HTTP/1.1"
    names = {header.partition(":")[0].lower(): header.partition(":")[2].strip() for header in headers if header}
    assert names["host"] == host
    assert names["accept-encoding"] == "identity"
    assert names.keys() == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_redirects_are_followed_without_cookies(source, pages, public, png):
    pages["/a"] = http(status="301 Moved", location="b?x=1", set_cookie="a=b")
    pages["/b?x=1"] = redirect("//other.example/图", "307 Temporary Redirect")
    pages["/%E5%9B%BE"] = redirect("http://public.example/cat.png#x")
    assert source.fetch("http://public.example/a") == png
    assert public.targets() == ["/a", "/b?x=1", "/%E5%9B%BE", "/cat.png"]
    assert "a=b" not in "".join(public.requests)


def test_five_redirects_are_followed_and_no_more(source, pages, public, png):
    pages.update({f"/{number}": redirect(f"/{number + 1}") for number in range(6)})
    pages["/6"] = http(png)
    assert source.fetch("http://public.example/1") == png
    with pytest.raises(UrlFailed, match="more than 5 times"):
        source.fetch("http://public.example/0")
    assert len(public.requests) == 6 + 6


def test_a_redirect_to_a_host_that_is_not_on_the_list_is_refused(make_source, pages, public, png):
    source = make_source("public.example")
    pages["/away"] = redirect("http://other.example/cat.png")
    assert source.fetch(CAT) == png
    with pytest.raises(UrlRefused, match=r"not fetched from `other\.example`"):
        source.fetch("http://public.example/away")
    with pytest.raises(UrlRefused, match=r"not fetched from `other\.example`"):
        source.fetch("http://other.example/cat.png")
    assert len(public.requests) == 2


def test_the_next_address_is_asked_where_one_does_not_answer(source, web, names, serve, png):
    dead = serve(lambda target: b"")
    dead.close()
    web.sites[PUBLIC_6] = dead
    names.table["two.example"] = [[PUBLIC_6, PUBLIC]]
    assert source.fetch("http://two.example/cat.png") == png
    assert web.dialled == [(PUBLIC_6, 80), (PUBLIC, 80)]

    names.table["dead.example"] = [[PUBLIC_6]]
    with pytest.raises(UrlFailed, match=r"no connection could be made to `dead\.example`"):
        source.fetch("http://dead.example/cat.png")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_taken_for_a_picture_whatever_its_type_says(source, pages, form):
    data = encoded(picture(), form)
    pages["/x"] = http(data, content_type="text/html")
    assert source.fetch("http://public.example/x") == data


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (http(HTML, content_type="image/png"), NotAnImage, "an HTML page, not a picture"),
        (http(b'<svg xmlns="http://www.w3.org/2000/svg"/>', content_type="image/svg+xml"), NotAnImage, "SVG"),
        (http(), NotAnImage, r"empty \(0 bytes\)"),
        (http(b"\x89"), NotAnImage, "something else"),
        (http(HTML, "404 Not Found"), UrlFailed, "`public.example` answered with the status 404"),
        (http(HTML, "500 secret-of-the-page"), UrlFailed, "status 500"),
        (http(HTML, "206 Partial Content"), UrlFailed, "status 206"),
        (http(status="304 Not Modified", location="/cat.png"), UrlFailed, "status 304"),
        (http(status="302 Found"), UrlFailed, "redirects to nowhere"),
        (http(b"\x1f\x8b", content_encoding="gzip"), UrlFailed, "compressed"),
        (http(b"\x89PNG\r\n\x1a\n" + bytes(99), content_length="1000"), UrlFailed, "broke off"),
        (b"secret-of-the-page\r\n\r\n", UrlFailed, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\n", UrlFailed, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", UrlFailed, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", UrlFailed, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000, UrlFailed, "not HTTP"),
        (b"", UrlFailed, "broke off"),
    ],
)
def test_what_is_no_picture_is_an_error_that_repeats_nothing(source, pages, caplog, answer, error, said):
    pages["/x"] = answer
    with pytest.raises(error, match=said) as caught:
        source.fetch("http://public.example/x")
    assert "secret-of-the-page" not in caught.value.message
    assert not caplog.records


def test_a_picture_over_the_limit_is_refused_by_its_length_and_by_what_arrives(make_source, pages, png):
    source = make_source(limits=ImageLimits(max_bytes=len(png)))
    assert source.fetch(CAT) == png
    pages["/announced"] = http(png, content_length=str(10**15))
    with pytest.raises(TooLarge, match=f"1,000,000,000,000,000 bytes; at most {len(png):,}"):
        source.fetch("http://public.example/announced")

    sent = []

    def without_end():
        yield b"HTTP/1.1 200 OK\r\n\r\n" + png
        while len(sent) < 10_000:
            sent.append(1)
            yield bytes(65536)

    pages["/endless"] = without_end
    with pytest.raises(TooLarge, match=f"more than {len(png):,} bytes"):
        source.fetch("http://public.example/endless")
    assert len(sent) < 1000


def test_an_html_page_is_not_read_to_its_end(source, pages):
    sent = []

    def page():
        yield b"HTTP/1.1 200 OK\r\n\r\n" + HTML
        while len(sent) < 10_000:
            sent.append(1)
            yield bytes(65536)

    pages["/x"] = page
    with pytest.raises(NotAnImage):
        source.fetch("http://public.example/x")
    assert len(sent) < 1000


@pytest.fixture
def certificate(tmp_path):
    """One for public.example that signs itself. Returns its file and that of its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("certificates are made with openssl, which is not here")
    made, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", key, "-out", made, "-days", "2", "-subj", "/CN=x"]
    command += ["-addext", "subjectAltName=DNS:public.example"]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


def test_tls_asks_for_the_name_and_checks_its_certificate(make_source, web, serve, certificate, png):
    made, key = certificate
    asked = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made, key)
    server.sni_callback = lambda connection, name, context: asked.append(name)
    down = redirect("http://public.example/cat.png")
    web.sites[PUBLIC, 443] = serve(lambda target: down if target == "/down" else http(png), tls=server)

    trusting = make_source(tls=ssl.create_default_context(cafile=str(made)))
    assert trusting.fetch("https://public.example/cat.png") == png
    assert asked == ["public.example"]
    assert web.sites[PUBLIC, 443].requests[0].split("\r\n")[1].lower() == "host: public.example"

    with pytest.raises(UrlRefused, match="from https to http"):
        trusting.fetch("https://public.example/down")
    with pytest.raises(UrlFailed, match=r"certificate of `other\.example` is not one"):
        trusting.fetch("https://other.example/cat.png")
    with pytest.raises(UrlFailed, match=r"certificate of `public\.example` is not one"):
        make_source().fetch("https://public.example/cat.png")
