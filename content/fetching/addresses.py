"""Which IP addresses are public: reachable for anybody, and nobody's inner network. Knows nothing of names."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address

# What `is_global` lets through and is still nobody's web server, or is one of the machine's own host.
_INNER_V4: Final = (
    IPv4Network("192.0.0.0/24"),  # RFC 6890; 192.0.0.192 is a cloud's metadata service
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, RFC 7526
    IPv4Network("168.63.129.16/32"),  # Azure's own services for the machine that asks
)
_GLOBAL_V6: Final = IPv6Network("2000::/3")  # all that is given out as global unicast; the rest is special or unused
_INNER_V6: Final = (
    IPv6Network("2001::/23"),  # RFC 2928: Teredo, which holds an IPv4 address, and other protocols
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),  # 6to4 holds an IPv4 address
    IPv6Network("3fff::/20"),
)
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214: these before an IPv4 address in the last 32 bits


def is_public(address: Address) -> bool:
    """Whether a stranger may have us connect to it. Addresses that hold a private IPv4 address are not public."""
    if isinstance(address, IPv4Address):
        return _is_public_v4(address)
    if address.scope_id is not None:
        return False
    low = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _NAT64:  # what DNS64 makes of every IPv4-only name where there is no IPv4
        return _is_public_v4(low)
    if address not in _GLOBAL_V6 or not address.is_global or any(address in network for network in _INNER_V6):
        return False
    return int(address) >> 32 & 0xFFFF_FFFF not in _ISATAP or _is_public_v4(low)


def _is_public_v4(address: IPv4Address) -> bool:
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special and not any(address in network for network in _INNER_V4)
