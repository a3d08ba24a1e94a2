"""The choice of an instruction, as several tabs have it: a template by its name, or the visitor's own words."""

import gradio as gr
from gradio.i18n import I18nData

from api.page.words import label
from reranker.templates import templates


def instruction_input(elem_id: str, title: I18nData | None = None, value: str = "") -> gr.Dropdown:
    """Its value is a name of `INSTRUCTIONS`, free text, or empty (None where the visitor emptied it) for what suits the
    query: what `resolve` takes.

    title: what it is called, if not just an instruction.
    """
    named = [(label(f"choice.{each.name}"), each.name) for each in templates()]
    return gr.Dropdown(
        choices=[(label("instruction.default"), ""), *named],
        value=value,
        label=title or label("instruction.label"),
        info=label("instruction.info"),
        allow_custom_value=True,
        elem_id=elem_id,
        min_width=240,
    )
