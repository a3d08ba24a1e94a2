"""Bytes out of a data URI or out of bare base64, as JSON carries pictures. Knows nothing of pictures."""

import base64
import re
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

from content.errors import InvalidInput, TooLarge
from content.limits import DEFAULT_LIMITS, ImageLimits

_HEAD: Final = re.compile(r"\s*data:([^,]{0,256}),", re.IGNORECASE)
_BLANKS: Final = b" \t\r\n\v\f"
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_MOST_ESCAPES: Final = 1_000_000  # each costs a hundred bytes and a microsecond on its way


def decode_data_uri_or_base64(text: str, *, param: str | None, limits: ImageLimits = DEFAULT_LIMITS) -> bytes:
    """RFC 2397 and RFC 4648: the URL-safe alphabet, line breaks and missing padding are accepted; a data URI may name
    any type, or none, and may be percent-encoded instead of base64.

    Raises InvalidInput when the text is neither; TooLarge, before decoding, when it holds more than `limits` allow.
    """
    head = _HEAD.match(text)
    if head is None:
        return _from_base64(text, param, limits)
    body = text[head.end() :]
    if body.count("%") > _MOST_ESCAPES:
        raise TooLarge(f"of `%..` at most {_MOST_ESCAPES:,} are read in a data URI; send base64", param=param)
    if head[1].rstrip().lower().endswith(";base64"):
        return _from_base64(unquote(body) if "%" in body else body, param, limits)
    limits.check_bytes(len(body) - 2 * body.count("%"), param)
    return unquote_to_bytes(body)


def _from_base64(body: str, param: str | None, limits: ImageLimits) -> bytes:
    try:
        # by what runs at the speed of memory: 60 MB through a regex and `str.translate` hold all threads up for seconds
        compact = body.encode("ascii").translate(_STANDARD, _BLANKS).rstrip(b"=")
        limits.check_bytes(len(compact) * 3 // 4, param)
        return base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except ValueError as error:  # binascii.Error, or a character that is not ASCII
        expected = "send a data URI (`data:image/jpeg;base64,...`) or bare base64, not a file name"
        raise InvalidInput(f"the image is not valid base64; {expected}", param=param) from error
