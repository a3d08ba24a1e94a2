"""What a kept judgement is found by: digests of all that decides it. Knows nothing of where judgements are kept."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from content import Content

_BYTES: Final = 16  # 10^9 pairs are told apart with odds of 10^20 to one


def request_key(fingerprint: str, instruction: str, query: Content) -> bytes:
    """16 bytes for what all documents of a query are judged by.

    fingerprint: the reranker's. instruction: as the model reads it, resolved by `reranker.instructions.resolve`.
    """
    return framed([fingerprint.encode(), _bytes(instruction), content_key(query)])


def content_key(content: Content) -> bytes:
    """16 bytes that differ whenever text, picture or focus do. A picture counts by its pixels."""
    parts: list[bytes | None] = [None if content.text is None else _bytes(content.text), repr(content.focus).encode()]
    if content.image is not None:
        parts += [repr(content.image.size).encode(), content.image.tobytes()]
    return framed(parts)


def framed(parts: Iterable[bytes | None]) -> bytes:
    """16 bytes over the parts, each framed by whether it is there and how long it is."""
    hasher = blake2b(digest_size=_BYTES)
    for part in parts:
        hasher.update(b"-" if part is None else b"+" + len(part).to_bytes(8))
        hasher.update(part or b"")
    return hasher.digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
