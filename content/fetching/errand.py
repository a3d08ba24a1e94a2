"""One picture fetched over HTTP: every redirect is a new question, asked as carefully as the first. Knows nothing of
other pictures."""

import ssl
from dataclasses import dataclass, replace
from typing import Final

import httpcore

from content.errors import TooLarge, UrlFailed, UrlRefused
from content.fetching.deadline import Deadline
from content.fetching.freshness import AT_MOST_S, seconds_to_keep
from content.fetching.network import GuardedNetwork
from content.fetching.policy import HostPolicy
from content.fetching.sniffing import ENOUGH, check_start
from content.fetching.url import ImageUrl
from content.limits import ImageLimits

MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = (
    ("User-Agent", "lychee-search"),
    ("Accept", "image/*"),
    ("Accept-Encoding", "identity"),  # nothing that unfolds into more than was counted
    ("Connection", "close"),
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """keep_s: for how many seconds the picture may be kept."""

    data: bytes
    keep_s: float


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    keep_s: float


@dataclass(frozen=True, slots=True)
class Errand:
    policy: HostPolicy
    limits: ImageLimits
    deadline: Deadline
    network: GuardedNetwork
    tls: ssl.SSLContext

    def run(self, url: ImageUrl) -> Fetched:
        """Raises UrlRefused, UrlFailed, TooLarge, and NotAnImage for what cannot be a picture."""
        keep_s = AT_MOST_S
        for _ in range(1 + MAX_REDIRECTS):
            answer = self._ask(url)
            keep_s = min(keep_s, answer.keep_s)
            if isinstance(answer, Fetched):
                return replace(answer, keep_s=keep_s)
            url = url.redirected(answer.location)
        raise UrlFailed(f"the URL was redirected more than {MAX_REDIRECTS} times")

    def _ask(self, url: ImageUrl) -> Fetched | _Redirect:
        self.policy.check(url.host)
        place = url.scheme.encode(), url.host.encode(), url.port
        headers = [("Host", url.authority), *_HEADERS]
        try:
            with (
                httpcore.HTTPConnection(
                    httpcore.Origin(*place), ssl_context=self.tls, network_backend=self.network
                ) as connection,
                connection.stream(
                    "GET",
                    httpcore.URL(scheme=place[0], host=place[1], port=url.port, target=url.target),
                    headers=headers,
                ) as response,
            ):
                return self._read(url, response)
        except httpcore.TimeoutException as error:
            raise self.deadline.missed() from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise UrlFailed(_what_went_wrong(url, error)) from error

    def _read(self, url: ImageUrl, response: httpcore.Response) -> Fetched | _Redirect:
        headers = {name.lower(): value for name, value in reversed(response.headers)}
        keep_s = seconds_to_keep(headers.get(b"cache-control", b"").decode("latin-1"))
        if response.status in _REDIRECTS:
            return _Redirect(_location(headers.get(b"location", b"")), keep_s)
        if response.status != 200:
            raise UrlFailed(f"`{url.host}` answered with the status {response.status} and no picture")
        if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b""):
            raise UrlFailed(f"`{url.host}` sent the picture compressed, though it was asked not to")
        self.limits.check_bytes(int(headers.get(b"content-length", b"0")))
        return Fetched(self._body(response), keep_s)

    def _body(self, response: httpcore.Response) -> bytes:
        data, seen = bytearray(), False
        for part in response.iter_stream():
            data += part
            if len(data) > self.limits.max_bytes:
                raise TooLarge(f"the picture behind the URL has more than {self.limits.max_bytes:,} bytes")
            if not seen and len(data) >= ENOUGH:
                check_start(bytes(data))
                seen = True
        if not seen:
            check_start(bytes(data))
        return bytes(data)


def _location(header: bytes) -> str:
    try:
        location = header.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UrlRefused("the URL redirects to one that is not Unicode") from error
    if not location:
        raise UrlFailed("the URL redirects to nowhere")
    return location


def _what_went_wrong(url: ImageUrl, error: Exception) -> str:
    if isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return f"the certificate of `{url.host}` is not one that can be trusted for it"
    if isinstance(error, httpcore.ConnectError):
        return f"no connection could be made to `{url.host}`"
    return f"`{url.host}` broke off, or answered with what is not HTTP"
