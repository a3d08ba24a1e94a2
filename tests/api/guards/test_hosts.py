"""Under which names a server answers, and what it tells who calls it by another."""

import pytest
from support.toy_service import toy_service

from api.guards.hosts import hosts_for, is_loopback


@pytest.fixture
def called(start, settings, reranker):
    """Asks a server with these settings under a name, and gives the answer."""

    def called(name, path="/v1/collections", **changes):
        client = start(settings.model_copy(update=changes), lambda given: toy_service(given, reranker))
        return client.get(path, headers={"Host": name})

    return called


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:7860", "localhost.", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:7860"]
)
def test_on_loopback_its_own_names_are_answered(called, host):
    assert called(host).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "localhost@evil.example", "192.168.0.2", "",
     "[::1", "localhost:80:80", "localhost, evil.example", "0.0.0.0", "[::ffff:10.0.0.1]", "localhost/", "é"],
)  # fmt: skip
def test_on_loopback_a_page_that_leads_its_own_name_here_is_refused(called, host):
    answer = called(host.encode())
    assert answer.status_code == 421
    error = answer.json()["error"]
    assert error["type"] == "host_refused"
    assert "`allowed_hosts`" in error["message"]


def test_two_names_at_once_are_none(called, start, settings, reranker):
    client = start(settings, lambda given: toy_service(given, reranker))
    answer = client.get("/v1/collections", headers=[("Host", "localhost"), ("Host", "evil.example")])
    assert answer.status_code == 421


def test_health_and_readiness_are_no_exception(called):
    assert called("evil.example", "/health").status_code == 421
    assert called("evil.example", "/ready").status_code == 421


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("search.example.org", "search.example.org", 200),
        ("search.example.org", "Search.Example.ORG.:443", 200),
        ("a.example, search.example.org", "search.example.org", 200),
        ("search.example.org", "localhost", 200),
        ("search.example.org", "other.example.org", 421),
        ("search.example.org", "x.search.example.org", 421),
        ("*.example.org", "search.example.org", 200),
        ("*.example.org", "searchexample.org", 421),
        ("*.example.org", "example.org", 421),
        ("*", "evil.example", 200),
    ],
)
def test_the_names_of_the_setting_are_answered(called, allowed, host, status):
    assert called(host, allowed_hosts=allowed).status_code == status
    assert called(host, allowed_hosts=allowed, host="0.0.0.0").status_code == status


def test_on_a_network_any_name_is_answered_by_default():
    assert hosts_for("", "0.0.0.0") == ("*",)
    assert hosts_for("", "search.internal") == ("*",)
    assert hosts_for("", "127.0.0.1") == hosts_for("", "::1") == hosts_for("", "localhost") == ()


def test_what_leads_to_this_machine_whatever_dns_says():
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.255.255.254", "::1", "[::1]", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "10.0.0.1", "", "127.0.0.1.nip.io", "2130706433"))
