"""Which addresses are public, beyond what the standard library says of them."""

from ipaddress import ip_address

import pytest

from content.fetching.addresses import is_public

PUBLIC = ["8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.0", "172.32.0.1", "168.63.129.17", "223.255.255.254"]
PUBLIC_6 = ["2606:4700:4700::1111", "2001:4860:4860::8888", "2400:cb00::1", "64:ff9b::8.8.8.8", "2a00::5efe:8.8.8.8"]
INNER = ["0.0.0.0", "10.255.0.1", "127.0.0.1", "169.254.169.254", "172.31.255.255", "192.0.0.8", "192.88.99.1"]
INNER += ["198.51.100.1", "203.0.113.1", "224.0.0.251", "239.255.255.250", "240.0.0.1", "255.255.255.255"]
INNER_6 = ["::", "::1", "::8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "100::1"]
INNER_6 += ["2001::1", "2001:db8::1", "2002:808:808::", "2a00::5efe:10.0.0.1", "2a00::200:5efe:127.0.0.1", "3fff::1"]
INNER_6 += ["4000::1", "5f00::1", "fc00::1", "fe80::1", "fec0::1", "ff0e::1", "2606:4700:4700::1111%eth0"]


@pytest.mark.parametrize("address", PUBLIC + PUBLIC_6)
def test_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INNER + INNER_6)
def test_not_public(address):
    assert not is_public(ip_address(address))
