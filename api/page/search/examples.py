"""A few searches to begin with, made of what is in a collection. Always the same ones until it changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import TypeVar

from api.page.cards import Card
from api.page.described import described
from api.page.visit import Visit
from api.page.words import Language
from api.pictures import picture_url
from indexer.collection import Collection
from indexer.item import Item

Thing = TypeVar("Thing")

_LOOKED_AT = 24
_PICTURES = 4
_TEXTS = 3
_LONGEST = 120  # characters of a text that somebody might have typed


@dataclass(frozen=True, slots=True)
class Examples:
    """pictures: items to search with, and what each is called. texts: to search for. fields: names of metadata."""

    pictures: Sequence[tuple[str, str]]
    texts: Sequence[str]
    fields: Sequence[str]


def examples_of(collection: Collection, language: Language) -> Examples:
    """Texts in the reader's language come first."""
    items = [item for item in collection.get(collection.sample(_LOOKED_AT)) if item is not None]
    called = {item.id: _called(item, language) for item in items}
    pictured = _spread([item for item in items if item.has_image], _PICTURES)
    others = [called[item.id] for item in items if item not in pictured]
    texts = [text for text in dict.fromkeys(others) if 0 < len(text) <= _LONGEST]
    ours = [text for text in texts if _is_chinese(text) == (language == "zh")]
    fields = dict.fromkeys(chain.from_iterable(item.metadata for item in items))
    return Examples(
        [(item.id, called[item.id] or item.id) for item in pictured],
        _spread(ours or texts, _TEXTS),
        list(fields),
    )


def example_cards(visit: Visit, collection: str, examples: Examples) -> Iterable[Card]:
    """Each is a button whose act is `like` with an id, or `ask` with a text."""
    for item_id, what in examples.pictures:
        name = escape(visit.say("search.example_like", what=what), quote=True)
        url, key = escape(picture_url(collection, item_id), quote=True), escape(item_id, quote=True)
        yield Card(
            f"like {item_id}",
            f'<button type="button" data-act="like" data-key="{key}" aria-label="{name}" title="{name}">'
            f'<img src="{url}" alt="" width="64" height="64" loading="lazy"></button>',
            "example shot",
        )
    for text in examples.texts:
        key = escape(text, quote=True)
        yield Card(
            f"ask {text}", f'<button type="button" data-act="ask" data-key="{key}">{key}</button>', "example asked"
        )


def _called(item: Item, language: Language) -> str:
    """On one line, as a query is typed."""
    text = described(item.metadata, language, has_text=bool(item.text)).caption or item.text or ""
    return " ".join(text.split())


def _spread(items: Sequence[Thing], count: int) -> list[Thing]:
    """At most `count` of them, evenly."""
    return [items[len(items) * place // count] for place in range(count)] if len(items) > count else list(items)


def _is_chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)
