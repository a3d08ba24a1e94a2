"""Hosts as people write them, in one form: lower case, ASCII, without the last dot. Knows nothing of who may be
asked."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

import idna

from content.errors import UrlRefused
from content.fetching.addresses import Address

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_IN_BRACKETS: Final = re.compile(r"\[([0-9a-f:.]+)\]", re.IGNORECASE)


def read_host(written: str) -> str:
    """A name, an IPv4 address, or an IPv6 address without its brackets.

    Addresses are read only as they are usually written: what resolvers also take for one (`127.1`, `0x7f.1`,
    `2130706433`, `0177.0.0.1`) is refused. Raises UrlRefused.
    """
    bracketed = _IN_BRACKETS.fullmatch(written)
    try:
        if bracketed is not None:
            return str(IPv6Address(bracketed[1]))
        host = _ascii(written).lower().removesuffix(".")
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            return str(IPv4Address(host))
    except AddressValueError as error:
        advice = "an address is four decimal numbers (`203.0.113.7`) or stands in brackets (`[2001:db8::7]`)"
        raise UrlRefused(f"`{written[:80]}` is not written as an address is; {advice}") from error
    if _NAME.fullmatch(host) is None:
        raise _no_host(written)
    return host


def address_in(host: str) -> Address | None:
    """The address that a host of `read_host` is; None for a name."""
    if ":" in host:
        return IPv6Address(host)
    return IPv4Address(host) if _NUMBER.fullmatch(host.rpartition(".")[2]) else None


def _ascii(written: str) -> str:
    """As browsers do (UTS 46): full-width digits and letters in circles become what they look like."""
    if written.isascii():
        return written
    try:
        return idna.encode(written, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise _no_host(written) from error


def _no_host(written: str) -> UrlRefused:
    return UrlRefused(f"`{written[:80]}` is not the name of a host")
