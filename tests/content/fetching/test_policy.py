"""What the setting `image_urls` may say, and whom it lets be asked."""

import pytest

from content.errors import SettingsError, UrlRefused
from content.fetching.policy import read_policy
from search.load_settings import load_settings

LIST = "cdn.example.org, *.Example.com, bücher.example., 93.184.215.14,[2606:4700:4700::1111]"


def test_off_fetches_nothing_and_public_asks_anybody():
    assert read_policy("off") is None
    assert read_policy(" Off ") is None
    read_policy("PUBLIC").check("anybody.example")


@pytest.mark.parametrize(
    "host",
    [
        *("cdn.example.org", "a.example.com", "b.a.example.com", "xn--bcher-kva.example"),
        *("93.184.215.14", "2606:4700:4700::1111"),
    ],
)
def test_hosts_on_the_list(host):
    read_policy(LIST).check(host)


@pytest.mark.parametrize("host", ["example.com", "evilexample.com", "a.cdn.example.org", "example.org", "com"])
def test_hosts_that_are_not_on_the_list(host):
    with pytest.raises(UrlRefused, match=f"`{host}` here; the setting image_urls"):
        read_policy(LIST).check(host)


@pytest.mark.parametrize(
    "text",
    [
        *("publik", "on", "*", "*.", "*.com", "a.*.com", "**.a.com", "https://a.com", "a.com/x", "a.com:443", "a.com,"),
        *(
            "public, a.com",
            "off, a.com",
            "localhost",
            "127.0.0.1",
            "10.0.0.1",
            "[::1]",
            "127.1",
            "*.8.8.8.8",
            "a b.com",
        ),
        ",",
    ],
)
def test_a_malformed_list_is_told_when_the_settings_are_read(text, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="or hosts with commas between") as refused:
        load_settings(overrides={"image_urls": text})
    assert refused.value.param == "image_urls"
    assert "--image-urls" in refused.value.message
