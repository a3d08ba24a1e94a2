"""What is wrong with a text by itself, wherever it stands: leftovers of files, pages and prompts. Knows no other."""

import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from ftfy.badness import is_bad

from reranker.examples.checks.code import looks_like_code
from reranker.examples.checks.descriptions import description_faults
from reranker.examples.checks.finding import Fault, shown
from reranker.examples.checks.kinds import (
    CONTROL_CHARACTER,
    ENCODED_TEXT,
    FILE_NAME,
    HTML_ENTITY,
    HTML_TAG,
    MOJIBAKE,
    NOT_NORMAL,
    PICTURE_PLACEHOLDER,
    PLACEHOLDER,
    PROMPT_HEADING,
    SPECIAL_TOKEN,
    STRUCTURED_TEXT,
    WHITE_SPACE,
)

CONTROLS: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u2060]")
ENTITY: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
SLOT: Final = re.compile(
    r"\$?\{\{?\s*[A-Za-z_][\w.\- ]{0,40}\}?\}|\{\}|<[A-Za-z]+(?:[_ -][A-Za-z0-9]+)*>|%s|%\(\w{1,40}\)s"
    r"|\[(?:insert|your|placeholder|todo|tbd|query|document|title|instruction)\b[^\]\n]{0,40}\]",
    re.IGNORECASE,
)
_SIGNS: Final = re.compile(r"[<>\[\]{}&|%$【】\x01-\x08\x0b\x0c\x0e-\x1f\x7f]|_DESC|desc:", re.IGNORECASE)
_PARAGRAPHS: Final = re.compile(r"\A(?:[^\S\n]*\n)+")
_LATIN: Final = re.compile("[\x80-\u02ff]")  # where UTF-8 that was read as something else begins
_NUMBERED: Final = re.compile(
    r"[\[<【{]\s*(?:img|image|pic|picture|photo|图片|图像)\s*[:：#=]\s*[A-Za-z_./-]{0,60}\d[\w./-]{0,100}\s*[\]>】}]",
    re.I,
)
_PICTURE: Final = re.compile(
    r"(?<![A-Za-z0-9_!\])])[\[<【{]\s*/?(?:img|image|pic|picture|photo|图片|图像)[_\- ]?"
    r"(?:id|token|pad|placeholder|here)?[_\- ]?\d{0,12}\s*[\]>】}](?!\()",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"</?(?:br|p|b|i|em|strong|font|span|div|u|center|li)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_TOKEN: Final = re.compile(r"<\|[A-Za-z][A-Za-z0-9_]{1,40}\|>")
_HEADING: Final = re.compile(r"<(?:Instruct|Instruction|Query|Document)>\s*:", re.IGNORECASE)
_LABEL: Final = re.compile(r"\b[\w ]{1,30}[:：]")
_NOTHING: Final = {"null", "undefined", "NaN", "N/A", "#N/A", "TODO", "TBD", "[object Object]", "None", "lorem ipsum"}
_FILE: Final = re.compile(r"[^\s:]{1,200}\.(?:jpe?g|png|webp|gif|bmp|tiff?|heic|avif|svg|pdf|mp4)", re.IGNORECASE)
_URL: Final = re.compile(
    r"https?://\S{1,1000}\.(?:jpe?g|png|webp|gif|bmp|tiff?|heic|avif)(?:\?\S{0,1000})?", re.IGNORECASE
)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_HEX: Final = re.compile(r"(?:0x)?[0-9a-fA-F]{24,}")
_LONG_WORD: Final = 200
_BAD_SHOWN: Final = 10_000


def text_faults(text: str, *, code: bool) -> Iterator[Fault]:
    """code: it stands among code, where braces and tags mean themselves."""
    if tidied(text) != text:
        yield Fault(WHITE_SPACE, f"there are blanks before or behind the text {shown(text, 40)}")
    if not text.isascii():
        yield from _unicode(text)
    yield from _encoded(text)
    if _SIGNS.search(text) is not None:
        yield from _signs(text, code)
    elif text.strip() in _NOTHING or text[:11].lower() == "lorem ipsum":
        yield Fault(PLACEHOLDER, f"{shown(text)} stands for nothing")


def tidied(text: str) -> str:
    """Without blanks around it. What has several lines keeps the indentation of its first, which code lives by."""
    text = text.rstrip()
    return _PARAGRAPHS.sub("", text) if "\n" in text.lstrip() else text.strip()


def has_entity(text: str) -> bool:
    """Whether a text is escaped as HTML is. One with signs that would have been escaped is not."""
    return ENTITY.search(text) is not None and "<" not in text and ">" not in text and not looks_like_code(text)


def _unicode(text: str) -> Iterator[Fault]:
    if "\N{REPLACEMENT CHARACTER}" in text:
        yield Fault(MOJIBAKE, f"{shown(text)} has characters that were lost (U+FFFD)")
    elif _LATIN.search(text) is not None and is_bad(text[:_BAD_SHOWN]):
        yield Fault(MOJIBAKE, f"{shown(text)} looks like UTF-8 that was read as another encoding")
    if not unicodedata.is_normalized("NFC", text):
        yield Fault(NOT_NORMAL, f"{shown(text)} writes characters in pieces, which search does not find")
    if "\ufeff" in text or "\u2060" in text:
        yield Fault(CONTROL_CHARACTER, f"{shown(text)} has characters that nobody sees")


def _encoded(text: str) -> Iterator[Fault]:
    word = text.strip()
    if " " not in word and (_FILE.fullmatch(word) or _URL.fullmatch(word)):
        yield Fault(FILE_NAME, f"the text is the name of a file: {shown(word)}")
    elif len(word) >= 24 and any(_is_encoded(part) for part in _long_words(word)):
        yield Fault(ENCODED_TEXT, f"{shown(word)} is no text but base64 or hexadecimal")


def _long_words(text: str) -> Iterator[str]:
    """The text where it is one word, and the words of it that are longer than any in a language."""
    if " " not in text:
        yield text
    elif len(text) > _LONG_WORD:
        yield from (word for word in text.split() if len(word) >= _LONG_WORD)


def _is_encoded(word: str) -> bool:
    if word[:5].lower() == "data:" and ";base64," in word[:100].lower():
        return True
    if _HEX.fullmatch(word):
        return any(sign.isdigit() for sign in word) and any(sign.isalpha() for sign in word)
    kinds = (str.isupper, str.islower, str.isdigit)
    return _BASE64.fullmatch(word) is not None and all(any(map(kind, word)) for kind in kinds) and _unlike_words(word)


def _unlike_words(word: str) -> bool:
    """Whether capitals and digits stand anywhere, as they do not in paths and compounds."""
    changes = sum(one.isupper() != other.isupper() or one.isdigit() != other.isdigit() for one, other in pairwise(word))
    return changes > len(word) / 5


def _signs(text: str, code: bool) -> Iterator[Fault]:
    yield from description_faults(text)
    if (found := CONTROLS.search(text)) is not None and text.isascii():
        yield Fault(CONTROL_CHARACTER, f"the text has a control character (U+{ord(found[0]):04X})")
    if (found := _TOKEN.search(text)) is not None:
        yield Fault(SPECIAL_TOKEN, f"the text has {shown(found[0])}, which is a token of the model")
    if (found := _HEADING.search(text)) is not None:
        yield Fault(PROMPT_HEADING, f"the text has {shown(found[0])}, which is a heading of the prompt")
    if not code:
        yield from _markup(text)


def _markup(text: str) -> Iterator[Fault]:
    if text[0] in "{[" and text.rstrip()[-1:] in ("}", "]") and _is_json(text):
        yield Fault(STRUCTURED_TEXT, f"the text is JSON: {shown(text)}")
        return
    if (found := _NUMBERED.search(text) or _PICTURE.search(text)) and not looks_like_code(text) and "</" not in text:
        yield Fault(PICTURE_PLACEHOLDER, f"the text has {shown(found[0])} in the place of a picture")
    elif SLOT.search(text) is not None and not _LABEL.sub("", SLOT.sub("", text)).strip(" \t\r\n.,;:-|/"):
        yield Fault(PLACEHOLDER, f"the text is but a template: {shown(text)}")
    if has_entity(text):
        yield Fault(HTML_ENTITY, f"the text has {shown(ENTITY.findall(text)[0])}")
    elif (found := _TAG.search(text)) is not None and not looks_like_code(text) and _has_words(_TAG.sub(" ", text)):
        yield Fault(HTML_TAG, f"the text has {shown(found[0])}")


def _is_json(text: str) -> bool:
    try:
        return bool(json.loads(text)) and isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _has_words(text: str) -> bool:
    """Whether there is prose around the tags, so that they are leftovers and not what is shown."""
    return not any(sign in text for sign in "{}=<") and sum(sign.isalpha() for sign in text[:2_000]) >= 6
