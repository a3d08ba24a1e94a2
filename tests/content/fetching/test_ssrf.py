"""Ways to make a server read its own network by an image URL, against servers on loopback that nobody may reach."""

import pytest
from support.web import PUBLIC, PUBLIC_6, redirect

from content.errors import InvalidInput, UrlRefused
from content.fetching import network

URLS = [
    # the address itself, as it is usually written
    "http://127.0.0.1/",
    "http://127.0.0.1:80/cat.png",
    "https://127.0.0.1/",
    "http://127.255.255.254/",
    "http://0.0.0.0/",
    "http://0.1.2.3/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    # services for the machine itself
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/v2/credentials",
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/machine",
    "http://192.0.0.192/opc/v1/instance/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fd20:ce::254]/computeMetadata/v1/",
    # IPv6, also where it holds IPv4
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]:80/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:93.184.215.14]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::93.184.215.14]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[2606:2800:21f:cb07:0:5efe:10.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fe80::1%lo]/",
    "http://[2606:2800:21f:cb07::1%25lo]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[ff02::1]/",
    "http://[::1",
    "http://::1/",
    "http://[v1.127.0.0.1]/",
    # numbers that resolvers take for an address
    "http://2130706433/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://127.0.0.1./",
    "http://127.0.0.0x1/",
    "http://127.000.000.001/",
    "http://4294967297/",
    "http://0/",
    "http://127.0.0.256/",
    # characters that become what they look like, and others that end a host for somebody
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://127%2e0%2e0%2e1/",
    "http://%31%32%37.0.0.1/",
    "http://public.example%00.127.0.0.1/",
    "http://public.example\\@127.0.0.1/",
    "http://127.0.0.1\\.public.example/",
    "http://127.0.0.1\t/",
    "http://127.0.0.1\r\nHost: public.example/",
    "http://127.0.0.1\0.public.example/",
    "http://public.example／127.0.0.1/",
    "http://127.0.0.1 .public.example/",
    "http:///127.0.0.1/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http://",
    # names of this machine
    "http://localhost/",
    "http://LocalHost./",
    "http://a.localhost/",
    # two readers, two hosts
    "http://public.example@127.0.0.1/",
    "http://public.example:80@127.0.0.1:80/",
    "http://127.0.0.1#@public.example/",
    "http://127.0.0.1?@public.example/",
    "http://127.0.0.1;@public.example/",
    "http://127.0.0.1:80:80/",
    "http://public.example:80@127.0.0.1#/cat.png",
    "http://user:word@public.example/cat.png",
    # odd ports
    "http://127.0.0.1:{port}/",
    "http://public.example:22/",
    "http://public.example:8080/",
    "http://public.example:0/",
    "http://public.example:65616/",  # 80 in sixteen bits
    "http://public.example:８０/",
    "http://public.example:/",
    "http://public.example:-80/",
    # other schemes
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "ftp://127.0.0.1/cat.png",
    "gopher://127.0.0.1:80/_GET%20/",
    "data:image/png;base64,iVBORw0KGgo=",
    "dict://127.0.0.1:11211/stats",
    "ws://127.0.0.1/",
    "//127.0.0.1/cat.png",
    "/etc/passwd",
    "javascript:alert(1)",
    "http://public.example/" + "a" * 2048,
]

ANSWERS = {
    "loopback": ["127.0.0.1"],
    "loopback in IPv6": ["::1"],
    "mapped": ["::ffff:127.0.0.1"],
    "compatible": ["::7f00:1"],
    "NAT64": ["64:ff9b::7f00:1"],
    "a network's own NAT64": ["64:ff9b:1::7f00:1"],
    "6to4": ["2002:a00:1::1"],
    "Teredo": ["2001:0:4136:e378:8000:63bf:f5ff:fffe"],
    "link-local with a zone": ["fe80::1%lo"],
    "private": ["10.1.2.3"],
    "shared": ["100.127.0.1"],
    "metadata": ["169.254.169.254"],
    "metadata in IPv6": ["fd00:ec2::254"],
    "unspecified": ["0.0.0.0"],
    "documentation": ["192.0.2.1"],
    "public, then private": [PUBLIC, "10.0.0.1"],
    "private, then public": ["192.168.0.1", PUBLIC],
    "public, and loopback in IPv6": [PUBLIC, "::1"],
    "public in IPv6, and loopback": [PUBLIC_6, "127.0.0.1"],
    "private behind many public ones": [f"93.184.215.{last}" for last in range(1, 60)] + ["10.0.0.1"],
    "no address": [],
}

LOCATIONS = [
    "http://127.0.0.1/",
    "https://127.0.0.1/",
    "http://[::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost./",
    "http://inner.example/",
    "//127.0.0.1/",
    "//inner.example/cat.png",
    "\\\\127.0.0.1\\",
    "/\\127.0.0.1/",
    "http://2130706433/",
    "http://127.1/",
    "http://public.example@127.0.0.1/",
    "http://public.example:8080/cat.png",
    "http://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:80/_x",
    "data:image/png;base64,iVBORw0KGgo=",
    "/deep/1",  # to /deep/2, to 127.0.0.1
    "/loop",
    "http://１２７.０.０.１/",
]
HEADERS = [
    "HTTP/1.1 302 Found\r\nLocation: /cat.png\rX: y\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\0\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nLocation: /cat.png\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: /cat\tdog.png\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation:\r\n http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
]


def test_there_are_enough_forms():
    assert len({*URLS}) + len(ANSWERS) + len({*LOCATIONS}) + len(HEADERS) >= 150


@pytest.fixture(autouse=True)
def inner_name(names):
    names.table["inner.example"] = [["127.0.0.1"]]


def refused(source, url, web) -> InvalidInput:
    """The error over a URL that is not fetched; and nobody but the public server was asked on the way."""
    with pytest.raises(InvalidInput) as caught:
        source.fetch(url)
    assert web.trap.connections == 0
    assert {host for host, _ in web.dialled} <= {PUBLIC}
    return caught.value


@pytest.mark.parametrize("url", URLS)
def test_a_url_that_leads_inside_is_refused(source, web, url):
    error = refused(source, url.replace("{port}", str(web.trap.port)), web)
    assert isinstance(error, UrlRefused)
    assert not web.dialled


@pytest.mark.parametrize("addresses", ANSWERS.values(), ids=ANSWERS)
def test_a_name_is_refused_unless_all_its_addresses_are_public(source, web, names, addresses):
    names.table["strange.example"] = [addresses]
    error = refused(source, "http://strange.example/", web)

    assert isinstance(error, UrlRefused)
    assert not web.dialled
    # the same sentence whatever is there, so that nobody can ask for the names of an inner network
    assert error.message == refused(source, "http://missing.example/", web).message.replace("missing", "strange")


@pytest.mark.parametrize("location", LOCATIONS)
@pytest.mark.parametrize("status", ["301 Moved", "307 Temporary Redirect"])
def test_a_redirect_is_checked_like_the_first_url(source, web, pages, location, status):
    pages["/start"] = redirect(location.replace("{port}", str(web.trap.port)), status)
    pages["/deep/1"] = redirect("/deep/2")
    pages["/deep/2"] = redirect("http://127.0.0.1/")
    pages["/loop"] = redirect("/loop")
    refused(source, "http://public.example/start", web)
    assert web.dialled


@pytest.mark.parametrize("answer", HEADERS)
def test_a_malformed_redirect_leads_nobody_inside(source, web, pages, answer):
    pages["/start"] = answer.encode()
    refused(source, "http://public.example/start", web)


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_asked(source, web, names, png):
    names.table["rebound.example"] = [[PUBLIC], ["127.0.0.1"]]

    assert source.fetch("http://rebound.example/cat.png") == png
    assert (names.asked, web.dialled) == (["rebound.example"], [(PUBLIC, 80)])

    refused(source, "http://rebound.example/cat.png", web)  # by now it is an inner one, and nothing was kept
    assert names.asked == ["rebound.example"] * 2


def test_a_name_that_changes_between_two_redirects_is_looked_up_for_each(source, web, names, pages):
    names.table["rebound.example"] = [[PUBLIC], ["127.0.0.1"]]
    pages["/start"] = redirect("/cat.png")
    refused(source, "http://rebound.example/start", web)
    assert names.asked == ["rebound.example"] * 2


def test_proxies_of_the_environment_are_not_asked(source, web, monkeypatch, png):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{web.trap.port}")
    assert source.fetch("http://public.example/cat.png") == png
    assert web.trap.connections == 0


def test_the_trap_can_be_reached_where_addresses_are_not_checked(source, web, monkeypatch, png):
    """Else none of these tests would mean anything."""
    monkeypatch.setattr(network, "is_public", lambda address: True)
    assert source.fetch("http://127.0.0.1/") == png
    assert source.fetch("http://inner.example/") == png
    assert web.trap.connections == 2
