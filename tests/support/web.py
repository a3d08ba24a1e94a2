"""A small internet on loopback: servers that answer as they are told and count who comes, names that resolve as a table
says, and a network on which public addresses lead to those servers and all others to a trap."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address

import httpcore

from content.fetching.addresses import Address
from content.fetching.deadline import Deadline
from content.fetching.resolver import SystemResolver

PUBLIC = "93.184.215.14"
PUBLIC_6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
Answer = bytes | Iterable[bytes]


def http(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer. headers: `content_type="text/html"` becomes `content-type: text/html`."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if "content_length" not in headers and "transfer_encoding" not in headers:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return http(status=status, location=location)


class LoopbackServer:
    """answer: bytes for a target, or pieces of them, which may come slowly. connections: how many were accepted.
    requests: their heads."""

    def __init__(self, answer: Callable[[str], Answer], tls: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._tls = tls
        self.connections = 0
        self.requests: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def targets(self) -> list[str]:
        return [head.split(" ")[1] for head in self.requests]

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            plain = connection if self._tls is None else self._tls.wrap_socket(connection, server_side=True)
            with plain:
                self._talk(plain)

    def _talk(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            received = connection.recv(4096)
            if not received:
                return
            head += received
        self.requests.append(head.decode("latin-1"))
        answer = self._answer(self.requests[-1].split(" ")[1])
        for piece in [answer] if isinstance(answer, bytes) else answer:
            connection.sendall(piece)


class Web(httpcore.SyncBackend):
    """sites: public address, or address and port -> its server; everything else leads to the trap."""

    def __init__(self, sites: Mapping[str | tuple[str, int], LoopbackServer], trap: LoopbackServer) -> None:
        self.sites = dict(sites)
        self.trap = trap
        self.dialled: list[tuple[str, int]] = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.dialled.append((host, port))
        site = self.sites.get((host, port)) or self.sites.get(host) or self.trap
        return super().connect_tcp("127.0.0.1", site.port, timeout, local_address, socket_options)


class Names:
    """A `Resolve` by a table. table: name -> its addresses, or several lists of them: one for each look-up in turn, the
    last one for ever. What is written like a number, and localhost, is asked of the system, as a careless client would.
    """

    def __init__(self, table: Mapping[str, Sequence[str] | Sequence[Sequence[str]]]) -> None:
        self.table = {name: [answers] if _is_one(answers) else list(answers) for name, answers in table.items()}
        self.asked: list[str] = []
        self._system = SystemResolver()

    def __call__(self, host: str, deadline: Deadline) -> list[Address]:
        self.asked.append(host)
        answers = self.table.get(host)
        if answers is not None:
            return [ip_address(address) for address in (answers.pop(0) if len(answers) > 1 else answers[0])]
        last = host.rpartition(".")[2]
        if last == "localhost" or last[:1].isdigit():
            return self._system(host, deadline)
        return []


def _is_one(answers: Sequence[str] | Sequence[Sequence[str]]) -> bool:
    return all(isinstance(answer, str) for answer in answers)
