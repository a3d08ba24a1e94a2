"""Errors as sentences in the reader's language: what was wrong, and what to do. Knows no components."""

import logging
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from api.page.words import Language, say
from content.errors import (
    Busy,
    Cancelled,
    DeadlineExceeded,
    InvalidInput,
    LycheeError,
    NotAnImage,
    NotFound,
    NotReady,
    TooLarge,
    TruncatedImage,
)

logger = logging.getLogger(__name__)

# A class that is not here is told as the nearest of its bases.
_KEYS: Final[Mapping[type[LycheeError], str]] = {
    LycheeError: "error.failed",
    InvalidInput: "error.invalid",
    TooLarge: "error.too_large",
    NotAnImage: "error.not_an_image",
    TruncatedImage: "error.truncated_image",
    NotFound: "error.not_found",
    NotReady: "error.not_ready",
    Busy: "error.busy",
    DeadlineExceeded: "error.timeout",
    Cancelled: "error.stopped",
}


class Complaint(Exception):
    """An error that is the page's own: the key of the words that tell it, and their values."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def sentence(error: Exception, language: Language) -> str:
    """What to tell the visitor. An error that nobody foresaw is logged under a number, which the sentence names."""
    if isinstance(error, Complaint):
        return say(language, error.key, **error.values)
    if isinstance(error, LycheeError):
        key = next(_KEYS[kind] for kind in type(error).__mro__ if kind in _KEYS)
        return say(language, key, detail=error.message.rstrip("."))
    reference = uuid4().hex
    logger.error("an event of the page failed, %s", reference, exc_info=error)
    return say(language, "error.unknown", reference=reference)
