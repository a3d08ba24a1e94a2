"""What a thing of a collection is called, and what else is known of it, whatever its table held. Knows no HTML."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from api.page.words import Language
from indexer.item import JsonValue

# Fields that tables call a thing by, best first.
_NAMES: Final = (
    "caption", "title", "name", "product_name", "headline", "heading", "subject", "label", "description", "summary",
    "标题", "名称", "品名", "商品名称", "描述", "说明", "简介",
)  # fmt: skip
_LANGUAGES: Final = ("en", "zh")
_SAYS_SOMETHING: Final = 12  # characters of a value that may stand for a name where there is none


@dataclass(frozen=True, slots=True)
class Described:
    """caption: "" where nothing calls it anything. facts: the other fields, as names and texts."""

    caption: str
    facts: tuple[tuple[str, str], ...]


def described(metadata: Mapping[str, JsonValue], language: Language, *, has_text: bool = False) -> Described:
    """Of fields that there are in both languages (`caption_en`, `caption_zh`) the reader's.

    has_text: the thing has a text of its own, so only a field that is meant as a name is its caption.
    """
    fields = list(_readers_own(metadata, language))
    place = _name_place(fields)
    if place is None and not has_text:
        place = _longest_place(fields)
    caption = "" if place is None else fields[place][1]
    return Described(caption, tuple(field for at, field in enumerate(fields) if at != place))


def _readers_own(metadata: Mapping[str, JsonValue], language: Language) -> Iterator[tuple[str, str]]:
    """Names and texts of the fields, without those that are said in the reader's language by another."""
    for name, value in metadata.items():
        stem, tongue = _apart(name)
        if value is None or (tongue not in ("", language) and f"{stem}_{language}" in metadata):
            continue
        yield (stem if tongue == language and stem not in metadata else name), shown_value(value)


def _apart(name: str) -> tuple[str, str]:
    """The name of a field without its language, and that."""
    stem, _, tongue = name.rpartition("_")
    return (stem, tongue) if stem and tongue in _LANGUAGES else (name, "")


def shown_value(value: JsonValue) -> str:
    """As people write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(shown_value, value))
    return json.dumps(value, ensure_ascii=False)


def _name_place(fields: list[tuple[str, str]]) -> int | None:
    """The place of the field that calls the thing by its name, if one does."""
    places = {
        _apart(name.strip().lower().replace(" ", "_").replace("-", "_"))[0]: place
        for place, (name, text) in reversed(list(enumerate(fields)))
        if text.strip()
    }
    return next((places[name] for name in _NAMES if name in places), None)


def _longest_place(fields: list[tuple[str, str]]) -> int | None:
    """The place of the longest text, where one says something."""
    lengths = [0 if text.startswith(("http:", "https:")) else len(text) for _, text in fields]
    longest = max(lengths, default=0)
    return lengths.index(longest) if longest >= _SAYS_SOMETHING else None
