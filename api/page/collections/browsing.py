"""What the tab `collections` does with single items: it shows them page by page, and deletes one. Knows no layout."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Final

import gradio as gr
from gradio.blocks import Block

from api.page.cards import Card, cards_value
from api.page.collections.managing import Managing
from api.page.collections.writing import button, check_may_write
from api.page.complaints import Complaint
from api.page.described import described
from api.page.events import Updates, notice_html
from api.page.shell import Shell
from api.page.visit import Visit
from api.pictures import picture_url
from indexer.item import Item, JsonValue

PAGE: Final = 24
_CAPTION: Final = 240  # characters
_METADATA: Final = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in a collection. after: the id behind which the page begins; None at the beginning.

    first: the number of its first item, counted from 1. asked: the item of which it is asked whether it is really to be
    deleted.
    """

    collection: str
    after: str | None = None
    first: int = 1
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Browsing:
    shell: Shell
    managing: Managing
    notice: gr.HTML
    place: gr.State
    area: gr.Column
    heading: gr.HTML
    cards: gr.HTML
    previous: gr.Button
    next: gr.Button

    @property
    def shown(self) -> list[Block]:
        """What a page of items changes."""
        return [self.place, self.area, self.heading, self.cards, self.previous, self.next]

    def browse(self, visit: Visit, act: str, name: str, place: Place | None) -> Iterator[Updates]:
        """What is pressed on the card of a collection, as far as it concerns what is shown of its items."""
        if act == "browse":
            yield self._shown(visit, Place(name))
        elif act == "delete-really" and place is not None and place.collection == name:
            yield self._closed()

    def forward(self, visit: Visit, place: Place | None) -> Iterator[Updates]:
        place = _remembered(place)
        with self.shell.service.library.looked_at(place.collection) as collection:
            page = collection.page(PAGE, after=place.after)
        if page:
            place = Place(place.collection, page[-1].id, place.first + len(page))
        yield self._shown(visit, place)

    def back(self, visit: Visit, place: Place | None) -> Iterator[Updates]:
        yield self._shown(visit, self._before(_remembered(place)))

    def close(self, visit: Visit) -> Iterator[Updates]:
        yield self._closed()

    def act(self, visit: Visit, act: str, item_id: str, target: str | None, place: Place | None) -> Iterator[Updates]:
        """What is pressed on the card of an item: `delete`, `keep`, `delete-really`."""
        place = _remembered(place)
        if act == "delete":
            check_may_write(visit)
            yield self._shown(visit, replace(place, asked=item_id))
        elif act == "keep":
            yield self._shown(visit, replace(place, asked=None))
        elif act == "delete-really" and item_id == place.asked:
            check_may_write(visit)
            self.shell.service.library.open(place.collection).delete([item_id])
            told = notice_html(visit.say("collections.item_deleted", id=item_id), "good")
            shown = self._shown(visit, replace(place, asked=None))
            yield {**shown, **self.managing.shown(visit, target), self.notice: told}

    def _before(self, place: Place) -> Place:
        """The page in front of this one."""
        if place.after is None:
            return replace(place, first=1)
        with self.shell.service.library.looked_at(place.collection) as collection:
            page = collection.page(PAGE + 1, before=f"{place.after}\0")  # all up to and with `after`
        after = page[0].id if len(page) > PAGE else None
        return Place(place.collection, after, 1 if after is None else max(1, place.first - PAGE))

    def _shown(self, visit: Visit, place: Place) -> Updates:
        service = self.shell.service
        with service.library.looked_at(place.collection) as collection:
            page = collection.page(PAGE + 1, after=place.after)
            if not page and place.after is not None:  # all of it was deleted
                place = self._before(place)
                page = collection.page(PAGE + 1, after=place.after)
            total, at_home = len(collection), service.library.is_at_home(collection.manifest)
        items = page[:PAGE]
        return {
            self.place: place,
            self.area: gr.update(visible=True),
            self.heading: _heading(visit, place, len(items), total),
            self.cards: cards_value(_card(visit, place, item, at_home=at_home) for item in items),
            self.previous: gr.update(interactive=place.after is not None),
            self.next: gr.update(interactive=len(page) > PAGE),
        }

    def _closed(self) -> Updates:
        return {self.place: None, self.area: gr.update(visible=False), self.cards: []}


def _heading(visit: Visit, place: Place, count: int, total: int) -> str:
    if not count:
        told = visit.say("collections.place_empty", name=place.collection)
    else:
        told = visit.say(
            "collections.place",
            name=place.collection,
            first=f"{place.first:,}",
            last=f"{place.first + count - 1:,}",
            total=f"{total:,}",
        )
    return f'<h2 data-place="{escape(place.collection)}:{place.first}">{escape(told)}</h2>'


def _card(visit: Visit, place: Place, item: Item, *, at_home: bool) -> Card:
    called = described(item.metadata, visit.language, has_text=item.text is not None).caption
    texts = [_short(each, _CAPTION) for each in (called, item.text) if each]
    picture = _picture(visit, place.collection, item, texts[0] if texts else item.id, at_home=at_home)
    text = "".join(f'<p class="caption">{escape(each)}</p>' for each in texts)
    ocr = _fold("ocr", visit.say("collections.read_off"), escape(_short(item.ocr or "", _METADATA))) if item.ocr else ""
    acts = _acts(visit, asked=item.id == place.asked, off=not (visit.may_write and at_home))
    name = f'<p class="id" title="{escape(item.id)}">{escape(item.id)}</p>'
    inside = f'{picture}<div class="about">{text}{name}{_metadata(visit, item.metadata)}{ocr}{acts}</div>'
    return Card(item.id, inside, "item pictured" if item.has_image else "item written")


def _picture(visit: Visit, collection: str, item: Item, alt: str, *, at_home: bool) -> str:
    if not item.has_image:
        return ""
    if not at_home:  # what belongs to another encoder is not served
        return f'<p class="no-picture muted">{escape(visit.say("collections.picture"))}</p>'
    return f'<img src="{escape(picture_url(collection, item.id))}" alt="{escape(alt)}" loading="lazy" decoding="async">'


def _metadata(visit: Visit, metadata: Mapping[str, JsonValue]) -> str:
    if not metadata:
        return ""
    rows = "".join(
        f"<dt>{escape(_short(name, 80))}</dt><dd>{escape(_short(_written(value), 300))}</dd>"
        for name, value in list(metadata.items())[:40]
    )
    return _fold("metadata", visit.say("collections.metadata"), f"<dl>{rows}</dl>")


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _fold(name: str, summary: str, inside: str) -> str:
    return f'<details class="fold {name}"><summary>{escape(summary)}</summary><div>{inside}</div></details>'


def _acts(visit: Visit, *, asked: bool, off: bool) -> str:
    if not asked:
        return f'<div class="acts">{button("delete", visit.say("collections.delete_item"), off=off)}</div>'
    keep = button("keep", visit.say("collections.keep"))  # where `delete` was
    really = button("delete-really", visit.say("collections.delete_really"), kind="danger")
    return f'<div class="acts">{keep}{really}</div>'


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _remembered(place: Place | None) -> Place:
    """Raises Complaint where the server has been restarted since, or the page was left for long."""
    if place is None:
        raise Complaint("collections.forgotten")
    return place
