"""Text as it can be sent to a browser. Knows nothing of where it stands there."""

import re
from typing import Final

# Halves of characters, which are no Unicode; controls; and marks that turn the direction of what follows.
_UNSAFE: Final = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def plain(text: str, longest: int | None = None) -> str:
    """longest: in characters, the last of which is an ellipsis where something was left out."""
    if longest is not None and len(text) > longest:
        text = f"{text[: longest - 1]}…"
    return _UNSAFE.sub("\ufffd", text)
