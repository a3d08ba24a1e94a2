"""A listening socket and uvicorn on it. Knows nothing of what the app answers."""

import asyncio
import errno
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from api.watching.logs import LogForm, log_config
from content.errors import SettingsError

_LAST_SECONDS = 1  # of the grace, for the answers of those that were given up
NOTHING: Final[Mapping[int, Callable[[], object]]] = MappingProxyType({})
_UNREAD_S = 60  # a caller who takes nothing of an answer for so long is cut off, or its memory would be held for ever


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 takes any free one.

    Raises SettingsError for a port that is busy or not allowed, and for a host that is none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError(f"{host} is no address to listen on: {error.strerror}", param="host") from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; whatever is accepted here has it too
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_S * 1000)
        bound.bind(address)
        bound.listen()
    except OSError as error:
        bound.close()
        raise _explain(error, host, port) from error
    return bound


class _Server(uvicorn.Server):
    """uvicorn cancels what still runs when the grace is over, which a caller sees as a bare 500."""

    def __init__(
        self, config: uvicorn.Config, end_streams: Callable[[], None], give_up: Callable[[], None], after: float
    ) -> None:
        super().__init__(config)
        self._end_streams = end_streams
        self._give_up = give_up
        self._after = after

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        timer = asyncio.get_running_loop().call_later(self._after, self._give_up)
        try:
            await super().shutdown(sockets)
        finally:
            timer.cancel()


def run(
    app: ASGIApp,
    bound: socket.socket,
    give_up: Callable[[], None],
    grace: int,
    end_streams: Callable[[], None] = lambda: None,
    log: LogForm = "text",
    on_signals: Mapping[int, Callable[[], object]] = NOTHING,
) -> None:
    """Serves until SIGINT or SIGTERM, lets running requests end, and then returns to a process that exits with 0.

    grace: seconds that requests have to end. give_up: called a second before that is over, where some still run; makes
    the app answer them. end_streams: called first; ends answers that would not end by themselves. log: as in
    `log_config`. on_signals: what to do on other signals, each time on a thread of its own.
    """
    for number, act in on_signals.items():
        signal.signal(number, partial(_on_thread, act))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    config = uvicorn.Config(
        app, lifespan="on", access_log=False, log_config=log_config(log), server_header=False,
        timeout_graceful_shutdown=grace,
        http="h11",  # httptools, which uvicorn takes where another package brings it, reads heads of any length
        ws="none",  # no route speaks it
    )  # fmt: skip
    _Server(config, end_streams, give_up, grace - _LAST_SECONDS).run(sockets=[bound])


def url_of(bound: socket.socket) -> str:
    """Where a browser on this machine finds it."""
    host, port = bound.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _on_thread(act: Callable[[], object], *_: object) -> None:
    """A handler runs between two steps of the event loop, which it must not hold up."""
    threading.Thread(target=act, name="on-signal", daemon=True).start()


def _end(*_: object) -> None:
    """uvicorn sends itself the signal again when it has shut down; that is an ordinary end here, not a failure."""
    sys.exit(0)


def _explain(error: OSError, host: str, port: int) -> SettingsError:
    if error.errno == errno.EADDRINUSE:
        return SettingsError(
            f"port {port} is busy: something else listens there; stop it, or choose another port with --port",
            param="port",
        )
    if error.errno == errno.EACCES:
        return SettingsError(
            f"port {port} is not allowed for this user; choose one from 1024 with --port", param="port"
        )
    return SettingsError(f"cannot listen on {host}: {error.strerror}", param="host")
