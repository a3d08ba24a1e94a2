"""Whose pictures are fetched by URL, as the setting `image_urls` says it. Knows nothing of addresses: those have to be
public whatever is said here."""

from dataclasses import dataclass
from typing import Final

from content.errors import SettingsError, UrlRefused
from content.fetching.addresses import is_public
from content.fetching.hosts import address_in, read_host

OFF: Final = "off"
PUBLIC: Final = "public"
_ANY_BELOW: Final = "*."


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """hosts: as `read_host` gives them; one that begins with `*.` means every name below it, and not itself.
    None for any host."""

    hosts: frozenset[str] | None

    def check(self, host: str) -> None:
        """Raises UrlRefused for a host that is not to be asked."""
        if self.hosts is None or host in self.hosts:
            return
        labels = host.split(".")
        if any(_ANY_BELOW + ".".join(labels[start:]) in self.hosts for start in range(1, len(labels))):
            return
        raise UrlRefused(f"pictures are not fetched from `{host}` here; the setting image_urls lists the hosts")


def read_policy(text: str) -> HostPolicy | None:
    """None for `off`. Raises SettingsError."""
    entries = [entry.strip() for entry in text.split(",")]
    if len(entries) == 1 and entries[0].lower() in (OFF, PUBLIC):
        return None if entries[0].lower() == OFF else HostPolicy(None)
    return HostPolicy(frozenset(_read_entry(entry) for entry in entries))


def _read_entry(entry: str) -> str:
    star, name = (_ANY_BELOW, entry[2:]) if entry.startswith(_ANY_BELOW) else ("", entry)
    try:
        host = read_host(name)
    except UrlRefused as error:
        raise _malformed(f"{entry!r} is no host") from error
    address = address_in(host)
    if address is None and "." not in host:
        raise _malformed(f"{entry!r} has no dot in it, as every public name has")
    if address is not None and (star or not is_public(address)):
        raise _malformed(f"{entry!r} is no public address")
    return star + host


def _malformed(found: str) -> SettingsError:
    expected = "it is `off`, `public`, or hosts with commas between, without scheme, port or path"
    return SettingsError(f"{found}; {expected} (`cdn.example.org, *.example.com`)", param="image_urls")
