"""The tab `search`: what is asked for, and what comes of it."""

from dataclasses import dataclass

import gradio as gr

from api.page.cards import card_list
from api.page.events import notice_place, on
from api.page.instruction import instruction_input
from api.page.pictures import picture_input
from api.page.search.run import Searching
from api.page.shell import Shell
from api.page.words import label


@dataclass(frozen=True, slots=True)
class SearchParts:
    """What other tabs set in this one."""

    instruction: gr.Dropdown
    collection: gr.Dropdown


def build(shell: Shell) -> SearchParts:
    """Puts the tab's components into the tab that is open, and listens to them."""
    with gr.Row():
        with gr.Column(scale=1, min_width=280):
            text = gr.Textbox(
                label=label("search.text"), placeholder=label("search.placeholder"), elem_id="search-text", lines=1
            )
            picture = picture_input(label("search.picture"), "search-picture")
            collection = gr.Dropdown(label=label("search.collection"), elem_id="search-collection")
            instruction = instruction_input("search-instruction")
            with gr.Row():
                start = gr.Button(label("search.start"), variant="primary", elem_id="search-start")
                stop = gr.Button(label("page.stop"), elem_id="search-stop")
        with gr.Column(scale=3):
            notice = notice_place("search-notice")
            progress = gr.HTML("", elem_id="search-progress", js_on_load=None)
            hits = card_list("search-hits", label("search.hits"))
    searching = Searching(shell, progress, hits)
    on([text.submit, start.click], searching.search, [text, picture], [progress, hits], notice)
    on([stop.click], searching.stop, [], [], notice)
    return SearchParts(instruction, collection)
