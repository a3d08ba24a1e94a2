"""A server with the demo models as a process of its own, and requests to it. Knows nothing of what they ask."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from content.errors import NotReady

_ROOT: Final = Path(__file__).parents[2]
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_START: Final = "from search.cli.main import main; main()"
_ENDS_WITHIN: Final = 120  # seconds

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    content: bytes


class Connection:
    """One connection, kept open between requests; for one thread at a time. Raises OSError or HTTPException."""

    def __init__(self, port: int, timeout: float = 300) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def post(self, path: str, content: bytes) -> Reply:
        return self._send("POST", path, content)

    def get(self, path: str) -> Reply:
        return self._send("GET", path, None)

    def close(self) -> None:
        self._connection.close()

    def _send(self, method: str, path: str, content: bytes | None) -> Reply:
        self._connection.request(method, path, content, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        return Reply(answer.status, dict(answer.headers), answer.read())


@dataclass(frozen=True, slots=True)
class Served:
    process: subprocess.Popen[str]
    port: int

    def connect(self) -> Connection:
        return Connection(self.port)

    def resident_mb(self) -> float:
        """Of 10^6 bytes. Linux only."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * _PAGE_BYTES / 1e6

    def end(self) -> int:
        """Tells it to end, and gives its exit code when it has."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_ENDS_WITHIN)


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serves the collections in `folder`, with every setting as it is by default. Raises NotReady."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LYCHEE_")}
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment |= {"PYTHONPATH": os.pathsep.join(paths), "LYCHEE_COLLECTIONS": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-c", _START, "serve", "--port", "0"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://[\d.]+:(\d+)", line)
            if not line.startswith("Ready") or found is None:
                raise NotReady("the server did not start; `lychee serve` says why")
            yield Served(process, int(found[1]))
        finally:
            process.kill()


def as_json(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
