"""Which collection the tab `search` searches, and what is shown of it: its name among the others, examples, fields."""

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from api.page.cards import cards_value
from api.page.events import Updates, notice_html
from api.page.search.examples import example_cards, examples_of
from api.page.search.state import FIELDS
from api.page.shell import Shell
from api.page.visit import Visit


@dataclass(frozen=True, slots=True)
class Choosing:
    """waiting: asks again every second while the models load."""

    shell: Shell
    collection: gr.Dropdown
    examples: gr.HTML
    filter: gr.Textbox
    notice: gr.HTML
    waiting: gr.Timer

    def refresh(self, visit: Visit, chosen: object) -> Iterator[Updates]:
        """Offers the collections that can be searched, and keeps what is chosen where it is still there."""
        if self.shell.loading.is_loading:
            yield {self.notice: notice_html(visit.say("error.loading"), "hint"), self.waiting: gr.update(active=True)}
            return
        service = self.shell.service
        counts = {name: manifest.items for name, manifest in service.library.at_home()}
        names = [str(chosen or ""), service.settings.collection, *counts]
        name = next((name for name in names if name in counts), None)
        choices = [
            (visit.say("search.collection_choice", name=each, count=f"{count:,}"), each)
            for each, count in counts.items()
        ]
        yield {
            self.collection: gr.update(choices=choices, value=name, visible=len(choices) > 1),
            self.waiting: gr.update(active=False),
            **self._about(visit, name),
        }

    def chosen(self, visit: Visit, name: object) -> Iterator[Updates]:
        """Shows examples of the collection that is chosen now."""
        if not self.shell.loading.is_loading:
            yield self._about(visit, str(name) if name else None)

    def _about(self, visit: Visit, name: str | None) -> Updates:
        if name is None:
            return {self.examples: [], self.notice: notice_html(visit.say("search.no_collection"), "hint")}
        with self.shell.service.library.looked_at(name) as collection:
            examples = examples_of(collection, visit.language)
        hint = visit.say("search.filter_hint")
        if examples.fields:
            fields = ", ".join(examples.fields[:FIELDS])
            hint = f"{hint} {visit.say('search.filter_fields', fields=fields)}"
        return {
            self.examples: cards_value(example_cards(visit, name, examples)),
            self.filter: gr.update(info=hint),
        }
