"""Texts reduced to what must differ for two to be two, and digests that stand for them. Knows no examples."""

import hashlib
import re
import unicodedata
from typing import Final

_PUNCTUATION: Final = re.compile(r"(?:[^\w+#%]|_)+")  # C++ is not C
_CHINESE: Final = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])\s+|\s+(?=[\u3040-\u30ff\u3400-\u9fff])")


def loose(text: str) -> str:
    """The text whatever its case, its width (full, half) and its white space."""
    if not text.isascii():
        text = _CHINESE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(text.casefold().split())


def bare(text: str) -> str:
    """The words of a loose text alone, in their order; the text itself where it has none."""
    return _PUNCTUATION.sub(" ", text).strip() or text


def digest(*parts: str | bytes) -> bytes:
    """16 bytes that are the same for the same parts, and for no others."""
    data = [part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts]
    return hashlib.blake2b(b"".join([b"%d:%b" % (len(part), part) for part in data]), digest_size=16).digest()
