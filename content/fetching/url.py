"""An image URL, read strictly: what is odd is refused and not mended, since two readers may mend it in two ways. Knows
nothing of what is behind it."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin

from content.errors import UrlRefused
from content.fetching.hosts import read_host

LONGEST: Final = 2048
_PORTS: Final = {"http": 80, "https": 443}
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_URL: Final = re.compile(r"(?P<scheme>https?)://(?P<place>[^/?#]*)(?P<target>[^#]*)(?:#.*)?", re.IGNORECASE)
_PLACE: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^\[\]:]+)(?::(?P<port>[0-9]{1,5}))?")
_KEPT: Final = "!$%&'()*+,/:;=?@[]~"  # what has a meaning in a path or query stays; the rest is percent-encoded


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """scheme: http or https. host: as `read_host` gives it. port: 80 or 443. target: path and query, in ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the header `Host` carries them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def redirected(self, location: str) -> "ImageUrl":
        """Where a redirect leads. Raises UrlRefused, as `read_url` does and for one from https to http."""
        _check_characters(location)
        url = read_url(urljoin(str(self), location))
        if self.scheme == "https" and url.scheme == "http":
            raise UrlRefused("the URL redirects from https to http, which is not followed")
        return url


def read_url(text: str) -> ImageUrl:
    """Raises UrlRefused, with a sentence that says what is wrong. What stands behind `#` is left out."""
    if len(text) > LONGEST:
        raise UrlRefused(f"the URL has {len(text):,} characters; at most {LONGEST:,} are read")
    _check_characters(text)
    url = _URL.fullmatch(text)
    if url is None:
        scheme = _SCHEME.match(text)
        found = f"`{scheme[1][:20]}:`" if scheme else "no scheme"
        raise UrlRefused(f"a picture's URL begins with `http://` or `https://`; this one has {found}")
    if "@" in url["place"]:
        raise UrlRefused("the URL has a user name or password before its host; URLs are read without")
    place = _PLACE.fullmatch(url["place"])
    if place is None:
        raise UrlRefused(f"`{url['place'][:80]}` is not a host with or without a port")
    scheme_name = url["scheme"].lower()
    port = _PORTS[scheme_name] if place["port"] is None else int(place["port"])
    if port not in _PORTS.values():
        raise UrlRefused(f"pictures are fetched from the ports 80 and 443 only, not from {port}")
    target = url["target"] if url["target"].startswith("/") else "/" + url["target"]
    return ImageUrl(scheme_name, read_host(place["host"]), port, quote(target, safe=_KEPT))


def _check_characters(text: str) -> None:
    if " " in text or "\\" in text or not text.isprintable():
        raise UrlRefused("the URL has a space, a backslash or an unprintable character in it; percent-encode it")
