"""The choice of an instruction, as several tabs have it: a template by its name, or the visitor's own words."""

import gradio as gr

from api.page.words import label
from reranker.instructions import INSTRUCTIONS


def instruction_input(elem_id: str) -> gr.Dropdown:
    """Its value is a name of `INSTRUCTIONS`, free text, or None for what suits the query."""
    return gr.Dropdown(
        choices=[*INSTRUCTIONS], value=None, label=label("instruction.label"), allow_custom_value=True, elem_id=elem_id
    )
