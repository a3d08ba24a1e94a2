"""An API key, and what is kept of it. Knows neither where keys are written down nor what is asked with them."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from content.errors import InvalidInput

Scope = Literal["read", "write"]

PREFIX = "lychee_"  # by which people, and those who look for leaked secrets, know what it is
_RANDOM_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of a key. scope: `write` may read too. rate: requests in any 60 seconds; None for no limit.
    created: the UTC time in ISO 8601."""

    name: str
    scope: Scope
    sha256: str
    created: str
    rate: int | None = None


def make_key(name: str, scope: Scope = "read", rate: int | None = None) -> tuple[str, ApiKey]:
    """A new key, to be told to its owner and forgotten, and what is kept of it. Raises InvalidInput for a bad name."""
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{name[:80]!r} is no name for a key; it has 1 to 64 letters (a to z), digits, `.`, `_` or `-`",
            param="name",
        )
    secret = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return secret, ApiKey(name, scope, digest(secret), created, rate)


def digest(secret: str) -> str:
    """The SHA-256 of a key, in hexadecimal. A slow, salted hash protects words that people choose and that can be
    guessed from a list; 256 random bits cannot be, however fast a guess is, and every request pays for the hash."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
