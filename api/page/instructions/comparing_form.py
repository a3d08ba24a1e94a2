"""Where two instructions are compared: the query, A and B, and what came of them side by side."""

from typing import Final

import gradio as gr

from api.page.both import both
from api.page.cards import card_list
from api.page.events import notice_place, on
from api.page.instruction import instruction_input
from api.page.instructions.comparing import Comparing
from api.page.instructions.said import heading
from api.page.pictures import picture_input
from api.page.shell import Shell
from api.page.words import label

# Two that a catalogue of pictures can be asked with.
_COMPARED: Final = ("image-search", "product-search")
_CANDIDATES: Final = 20  # each is judged twice
_MOST_CANDIDATES: Final = 100


def comparing_form(shell: Shell, tabs: gr.Tabs) -> tuple[gr.Dropdown, gr.Dropdown]:
    """The inputs of A and B. tabs: when one is opened, the collections are looked up again."""
    gr.HTML(heading("instructions.compare"), js_on_load=None)
    if shell.settings.reranker == "demo":
        gr.HTML(f'<p class="notice hint">{both("instructions.demo")}</p>', elem_id="instructions-demo", js_on_load=None)
    with gr.Row():
        with gr.Column(scale=2, min_width=280):
            text = gr.Textbox(
                label=label("instructions.query"), placeholder=label("search.placeholder"), lines=1,
                elem_id="instructions-query",
            )  # fmt: skip
            with gr.Row():
                first = instruction_input("instructions-first", label("instructions.first"), _COMPARED[0])
                second = instruction_input("instructions-second", label("instructions.second"), _COMPARED[1])
            with gr.Row():
                collection = gr.Dropdown(
                    [shell.settings.collection], value=shell.settings.collection,
                    label=label("instructions.collection"), elem_id="instructions-collection",
                    min_width=220,
                )  # fmt: skip
                candidates = gr.Slider(
                    2, _MOST_CANDIDATES, value=_CANDIDATES, step=1, label=label("instructions.candidates"),
                    elem_id="instructions-candidates", min_width=220,
                )  # fmt: skip
        with gr.Column(scale=1, min_width=240):
            picture = picture_input(label("instructions.picture"), "instructions-picture")
    with gr.Row(elem_id="instructions-buttons"):
        start = gr.Button(label("instructions.start"), variant="primary", elem_id="instructions-start")
        stop = gr.Button(label("page.stop"), elem_id="instructions-stop", interactive=False)
    notice = notice_place("instructions-compared-notice")
    progress = gr.HTML(elem_id="instructions-progress", js_on_load=None)
    verdict = gr.HTML(elem_id="instructions-verdict", js_on_load=None)
    with gr.Row(elem_id="instructions-sides"):
        hits = (
            _side("A", "instructions-first-hits", "instructions.first_hits"),
            _side("B", "instructions-second-hits", "instructions.second_hits"),
        )
    comparing = Comparing(shell, collection, stop, progress, verdict, hits)
    asked = [text, picture, collection, candidates, first, second]
    shown = [stop, progress, verdict, *hits]
    on([text.submit, start.click], comparing.run, asked, shown, notice, at_end=comparing.ended, again="multiple")
    on([stop.click], comparing.stop, [], [], notice)
    on([tabs.select], comparing.collections, [collection], [collection], notice)
    return first, second


def _side(name: str, elem_id: str, key: str) -> gr.HTML:
    with gr.Column(min_width=280):
        gr.HTML(f"<h3>{both(key)}</h3>", elem_classes=f"side-{name}", js_on_load=None)
        return card_list(elem_id, label(key))
