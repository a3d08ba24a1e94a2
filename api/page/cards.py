"""A list of cards that keeps those which stay, and moves them where their order changes. Knows not what is on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from gradio.i18n import I18nData

_LOOK = Path(__file__).parent / "look"


@dataclass(frozen=True, slots=True)
class Card:
    """key: stays the same while the card's content changes. html: its inside, escaped by who made it. classes: as
    they stand in HTML."""

    key: str
    html: str
    classes: str = ""


def cards_value(cards: Iterable[Card]) -> list[dict[str, str]]:
    """What a `CardList` takes: Gradio sends of it what changed."""
    return [{"key": card.key, "html": card.html, "classes": card.classes} for card in cards]


def card_list(elem_id: str, label: I18nData) -> gr.HTML:
    """Takes `cards_value`. Triggers `act` with `{act, key}` when something with `data-act` is pressed on a card: its
    `data-act`, and its `data-key`, or else the card's key.

    label: what the list is called, for screen readers.
    """
    script = (_LOOK / "cards.js").read_text("utf-8")
    template = '<ol class="cards" role="list"></ol>'
    return gr.HTML([], html_template=template, js_on_load=script, elem_id=elem_id, label=label)
