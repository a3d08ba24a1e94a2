"""What the tab `collections` does with whole collections: list, create, delete. Knows no layout."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

import gradio as gr
from gradio.blocks import Block

from api.page.cards import cards_value
from api.page.collections.listing import collection_cards
from api.page.collections.writing import check_may_write, named
from api.page.complaints import Complaint
from api.page.events import Updates, notice_html
from api.page.shell import Shell
from api.page.visit import Visit
from content.errors import NotFound

NEW: Final = ""
"""What the choice of a collection to index into holds for one that is yet to be made; no name is empty."""


@dataclass(frozen=True, slots=True)
class Managing:
    """form: the place of the form that files are added by.

    asked: a state, the name of the collection of which it is asked whether it is really to be deleted. writes: what
    only those may press who may write. waiting: asks again every second while the models load. report: what came of the
    last indexing; reported: a state, the name of the collection that it is about.
    """

    shell: Shell
    cards: gr.HTML
    asked: gr.State
    target: gr.Dropdown
    target_name: gr.Textbox
    form: gr.HTML
    new_name: gr.Textbox
    notice: gr.HTML
    waiting: gr.Timer
    report: gr.HTML
    reported: gr.State
    writes: tuple[gr.Button, ...]

    @property
    def listed(self) -> list[Block]:
        """What `shown` changes."""
        return [self.cards, self.asked, self.target, self.target_name]

    def refresh(self, visit: Visit, target: str | None) -> Iterator[Updates]:
        """What is there now, of whoever made it."""
        if self.shell.loading.is_loading:
            yield {self.notice: notice_html(visit.say("error.loading"), "hint"), self.waiting: gr.update(active=True)}
            return
        rights: Updates = {each: gr.update(interactive=visit.may_write) for each in self.writes}
        shown = self.shown(visit, target, None)
        told = "" if shown[self.cards] else visit.say("collections.none")
        if not visit.may_write:
            told = visit.say("collections.read_only")
        yield {
            **shown,
            **rights,
            self.waiting: gr.update(active=False),
            self.notice: notice_html(told, "hint"),
        }

    def shown(self, visit: Visit, target: str | None, asked: str | None = None) -> Updates:
        """The cards and the choices as they are now. target: what is chosen of them, as long as it is there."""
        service = self.shell.service
        listed = list(service.library.list())
        names = [
            each.name for each in listed if each.manifest is not None and service.library.is_at_home(each.manifest)
        ]
        return {
            self.cards: cards_value(collection_cards(visit, service, listed, asked)),
            self.asked: asked,
            self.target: gr.update(
                choices=[(visit.say("collections.new_one"), NEW), *zip(names, names, strict=True)],
                value=target if target in names else NEW,
            ),
            self.target_name: gr.update(visible=target not in names),
        }

    def chosen(self, visit: Visit, target: str | None) -> Iterator[Updates]:
        """Where to index: the name of a new collection is asked for where one is to be made."""
        yield {self.target_name: gr.update(visible=not target)}

    def create(self, visit: Visit, name: str, target: str | None) -> Iterator[Updates]:
        """An empty one."""
        check_may_write(visit)
        if not (name := name.strip()):
            raise Complaint("collections.no_name")
        made = self.shell.service.library.create(named(name))
        told = "collections.created" if made else "collections.there_already"
        kind = "good" if made else "hint"
        yield {
            **self.shown(visit, target),
            self.new_name: "" if made else gr.skip(),
            self.notice: notice_html(visit.say(told, name=name), kind),
        }

    def act(
        self, visit: Visit, act: str, name: str, asked: str | None, target: str | None, reported: str | None = None
    ) -> Iterator[Updates]:
        """What is pressed on a card: `add`, `delete`, `keep`, `delete-really`."""
        if act == "add":
            told = escape(visit.say("collections.add_to", name=name))
            place = f'<p class="visually-hidden" role="status" data-place="{time.monotonic_ns()}">{told}</p>'
            yield {**self.shown(visit, name), self.form: place}
        elif act == "delete":
            check_may_write(visit)
            yield self.shown(visit, target, asked=name)
        elif act == "keep":
            yield self.shown(visit, target)
        elif act == "delete-really" and name == asked:
            untold: Updates = {self.report: "", self.reported: None} if name == reported else {}
            yield from self._delete(visit, name, target, untold)

    def _delete(self, visit: Visit, name: str, target: str | None, untold: Updates) -> Iterator[Updates]:
        """untold: takes away what is no longer true of it."""
        check_may_write(visit)
        try:
            self.shell.service.library.drop(name)
        except NotFound:  # somebody else was quicker
            yield {**self.shown(visit, target), **untold}
            raise
        told = notice_html(visit.say("collections.deleted", name=name), "good")
        yield {**self.shown(visit, target), **untold, self.notice: told}
