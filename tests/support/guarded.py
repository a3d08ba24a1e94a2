"""Keys for tests: added to a file, and shown to a server."""

from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from api.guards.key_file import change_keys
from api.guards.keys import Scope, make_key


@dataclass(frozen=True, slots=True)
class Guarded:
    """A running app, the file of its keys, and two keys in it."""

    client: TestClient
    file: Path
    reader: str
    writer: str


def add_key(file: Path, name: str, scope: Scope = "read", rate: int | None = None) -> str:
    secret, key = make_key(name, scope, rate)
    change_keys(file, lambda known: [*known, key])
    return secret


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}
