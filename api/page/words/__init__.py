"""All that the page says, in English and in Chinese. Knows neither who reads it nor where it stands."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from gradio.i18n import I18n, I18nData

Language = Literal["en", "zh"]
Words = Mapping[str, tuple[str, str]]
"""Key -> English, Chinese. Both may hold the same `{names}`, which `say` fills in."""

_TABLES: Final = (
    "common",
    "errors",
    "login",
    "search",
    "rerank",
    "collections",
    "instructions",
    "templates",
    "about",
    "code",
)
# Gradio looks a browser's language up as it is told.
_CHINESE: Final = ("zh", "zh-CN", "zh-Hans", "zh-Hans-CN", "zh-SG", "zh-TW", "zh-HK", "zh-Hant")


@cache
def all_words() -> Words:
    """Every table, in one. Raises ValueError where two have a key in common."""
    words: dict[str, tuple[str, str]] = {}
    for name in _TABLES:
        table: Words = import_module(f"{__name__}.{name}").WORDS
        if twice := words.keys() & table.keys():
            raise ValueError(f"these words stand in two tables: {', '.join(sorted(twice))}")
        words |= table
    return MappingProxyType(words)


def say(language: Language, key: str, **values: object) -> str:
    """The words under `key`, with `values` in the place of their names. Raises KeyError for an unknown key or name."""
    english, chinese = all_words()[key]
    return (english if language == "en" else chinese).format_map(values)


def label(key: str) -> "I18nData":
    """For what a component shows: the browser puts it into its own language. Raises KeyError for an unknown key."""
    from gradio.i18n import I18nData  # it takes seconds to import, and words alone need it not

    all_words()[key]
    return I18nData(key)


def translations() -> "I18n":
    """For Gradio: what `label` stands for."""
    from gradio.i18n import I18n

    english, chinese = ({key: both[place] for key, both in all_words().items()} for place in (0, 1))
    return I18n(en=english, **dict.fromkeys(_CHINESE, chinese))


def language_of(accepted: str) -> Language:
    """The language of an `Accept-Language` header: Chinese where it is wanted before English, else English."""
    wanted: list[tuple[float, str]] = []
    for each in accepted.split(","):
        tag, _, quality = each.strip().lower().partition(";q=")
        try:
            wanted.append((float(quality or 1), tag.partition("-")[0]))
        except ValueError:
            continue
    ours = [tag for quality, tag in sorted(wanted, key=lambda pair: -pair[0]) if tag in ("en", "zh") and quality > 0]
    return "zh" if ours[:1] == ["zh"] else "en"
