"""Every connection to a stranger is made here: looked up once, checked, and made to exactly the address that was
checked, under one deadline. Knows nothing of HTTP."""

import ssl
from collections.abc import Iterable
from typing import Final

import httpcore

from content.errors import UrlFailed, UrlRefused
from content.fetching.addresses import Address, is_public
from content.fetching.deadline import Deadline
from content.fetching.hosts import address_in
from content.fetching.resolver import Resolve

_TRIED: Final = 4  # of a name's addresses


class GuardedNetwork(httpcore.NetworkBackend):
    """One name is looked up once per connection, and TLS still sees the name."""

    def __init__(self, deadline: Deadline, resolve: Resolve, network: httpcore.NetworkBackend) -> None:
        self._deadline = deadline
        self._resolve = resolve
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises UrlRefused unless every address of the host is public, UrlFailed when none of them answers."""
        addresses = self._public_addresses(host)[:_TRIED]
        for untried, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            share = self._deadline.left() / untried  # an address that swallows packets must not take all the time
            try:
                stream = self._network.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return DeadlineStream(stream, self._deadline)
        self._deadline.left()
        raise UrlFailed(f"no connection could be made to `{host}`")

    def _public_addresses(self, host: str) -> list[Address]:
        literal = address_in(host)
        addresses = list(dict.fromkeys(self._resolve(host, self._deadline))) if literal is None else [literal]
        if not addresses or not all(map(is_public, addresses)):
            # one sentence for both, so that nobody learns from it which names an inner network has
            where = "is not known, or is not at public addresses alone"
            raise UrlRefused(f"`{host}` {where}; pictures are fetched from nowhere else")
        return addresses


class DeadlineStream(httpcore.NetworkStream):
    """A connection on which no step lasts beyond the deadline, however small the steps are."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
