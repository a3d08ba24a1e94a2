"""Texts reduced to what must differ for two to be two, and digests that stand for them. Knows no examples."""

import hashlib
import re
import unicodedata
from typing import Final

_MEANT: Final = "#%"  # C# is not C
_CHINESE: Final = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])\s+|\s+(?=[\u3040-\u30ff\u3400-\u9fff])")


class _Blanks(dict[int, str]):
    """For `str.translate`: a blank for every sign of punctuation, each looked up once."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = " " if unicodedata.category(sign).startswith("P") and sign not in _MEANT else sign
        return self[code]


_BLANKS: Final = _Blanks()


def loose(text: str) -> str:
    """The text whatever its case, its width (full, half) and its white space."""
    if not text.isascii():
        text = _CHINESE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(text.casefold().split())


def bare(text: str) -> str:
    """A loose text without its punctuation; symbols stay, so that C++ is not C. One of punctuation only is itself."""
    return " ".join(text.translate(_BLANKS).split()) or text


def digest(*parts: str | bytes) -> bytes:
    """16 bytes that are the same for the same parts, and for no others."""
    data = [part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts]
    return hashlib.blake2b(b"".join([b"%d:%b" % (len(part), part) for part in data]), digest_size=16).digest()
