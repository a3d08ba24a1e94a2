"""The toy app on a real socket, in this process, for what a client cannot be made to send."""

import socket
import threading
from contextlib import contextmanager

import uvicorn
from support.toy_service import toy_service

from api.app import create_app
from api.server import listen


@contextmanager
def listening(settings, reranker, build_page=None):
    """A server on a real socket, in this process."""
    with listen("127.0.0.1", 0) as bound:
        app = create_app(settings, lambda given: toy_service(given, reranker), build_page=build_page)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, http="h11"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield bound.getsockname()
        finally:
            server.should_exit = True
            thread.join(20)


def said_to(address, *pieces):
    """All that the server says to these bytes until it closes the connection."""
    with socket.create_connection(address, timeout=10) as raw:
        for piece in pieces:
            raw.sendall(piece)
        said = b""
        while more := raw.recv(65536):
            said += more
    return said.decode()
