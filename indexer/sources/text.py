"""Text out of the bytes of a file whose encoding nobody wrote down. Knows nothing of files."""

import codecs
from typing import Final

from content.errors import InvalidInput

MAX_TEXT_BYTES: Final = 4 * 1024 * 1024

# The order matters: the mark of UTF-16 begins the mark of UTF-32.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def marked_encoding(start: bytes) -> str | None:
    """The encoding that a byte order mark at the start gives away."""
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)


def decode_text(data: bytes) -> str:
    """UTF-8; UTF-16 and UTF-32 with a byte order mark; else GB18030, which old Chinese files are in. Lines end in \\n.

    Raises InvalidInput for an empty file and for one that is no text.
    """
    text = _decoded(data).replace("\r\n", "\n")
    if not text.strip():
        raise InvalidInput("there is no text in it")
    if _looks_binary(text):
        raise InvalidInput("this is no text, though its name says so")
    return text


def _decoded(data: bytes) -> str:
    marked = marked_encoding(data)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput("this is no text in UTF-8, UTF-16 (with a byte order mark) or GB18030")


def _looks_binary(text: str) -> bool:
    """NUL never stands in a text, and other control characters are rare in one."""
    controls = sum(text.count(chr(code)) for code in (*range(1, 9), *range(14, 27), *range(28, 32), 127))
    return "\0" in text or controls * 100 > len(text)
