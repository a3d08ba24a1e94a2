"""The tab `rerank`: its components, and what they do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gradio as gr

from api.page.both import both
from api.page.events import notice_place, on
from api.page.instruction import instruction_input
from api.page.pictures import picture_input
from api.page.rerank.files import files_input
from api.page.rerank.run import Reranking
from api.page.shell import Shell
from api.page.words import label

_LOOK: Final = Path(__file__).parents[1] / "look"
_KEPT_S: Final = 3600


@dataclass(frozen=True, slots=True)
class RerankParts:
    """What other tabs set in this one."""

    instruction: gr.Dropdown


@dataclass(frozen=True, slots=True)
class _Form:
    instruction: gr.Dropdown
    text: gr.Textbox
    picture: gr.Image
    lines: gr.Textbox
    split: gr.Radio
    files: gr.File
    start: gr.Button
    stop: gr.Button


def build(shell: Shell) -> RerankParts:
    """Puts the tab's components into the tab that is open, and listens to them."""
    with gr.Row(elem_id="rerank"):
        with gr.Column(scale=2, min_width=300, elem_id="rerank-form"):
            form = _form()
        with gr.Column(scale=3, min_width=300, elem_id="rerank-outcome"):
            notice = notice_place("rerank-notice")
            reranking = outcome(shell, form.stop)
    cuts = [reranking.threshold, reranking.top_k, reranking.state]
    asked = [form.instruction, form.text, form.picture, form.lines, form.split, form.files]
    outputs = [
        reranking.progress, reranking.result, reranking.top_k, reranking.code, reranking.stopping, reranking.state,
    ]  # fmt: skip
    on(
        [form.text.submit, form.start.click],
        reranking.rerank,
        [*asked, *cuts],
        outputs,
        notice,
        at_end=reranking.at_end,
    )
    on([form.stop.click], reranking.stop, [], [], notice)
    on(
        [reranking.threshold.input, reranking.top_k.input],
        reranking.cut,
        cuts,
        [reranking.result, reranking.code],
        notice,
        again="always_last",
    )
    on([reranking.result.act], reranking.take, cuts, [reranking.courier], notice, act=True)
    return RerankParts(form.instruction)


def _form() -> _Form:
    text = gr.Textbox(
        label=label("rerank.query"), placeholder=label("rerank.query_placeholder"), elem_id="rerank-query", lines=1
    )
    with gr.Accordion(label("rerank.query_picture"), open=False, elem_id="rerank-picture-fold"):
        picture = picture_input(label("rerank.query_picture"), "rerank-picture")
    instruction = instruction_input("rerank-instruction")
    lines = gr.Textbox(
        label=label("rerank.documents"),
        placeholder=label("rerank.documents_placeholder"),
        elem_id="rerank-documents",
        lines=7,
        max_lines=16,
    )
    split = gr.Radio(
        [(label("rerank.split_line"), "line"), (label("rerank.split_block"), "block")],
        value="line",
        label=label("rerank.split"),
        elem_id="rerank-split",
    )
    files = files_input(label("rerank.files"), "rerank-files")
    gr.HTML(f'<p class="rr-hint muted">{both("rerank.files_hint")}</p>', js_on_load=None, apply_default_css=False)
    with gr.Row(elem_id="rerank-buttons"):
        start = gr.Button(label("rerank.start"), variant="primary", elem_id="rerank-start")
        stop = gr.Button(label("page.stop"), elem_id="rerank-stop", interactive=False)
    return _Form(instruction, text, picture, lines, split, files, start, stop)


def outcome(shell: Shell, stopping: gr.Button) -> Reranking:
    progress = gr.HTML("", elem_id="rerank-progress", js_on_load=None)
    # The style shows these when there is something to cut, or to show as code: what Gradio is to hide, and to show
    # again at once, may stay hidden.
    with gr.Row(elem_id="rerank-cuts"):
        threshold = gr.Slider(
            0, 1, value=0, step=0.01, label=label("rerank.threshold"), elem_id="rerank-threshold", min_width=200
        )
        top_k = gr.Slider(1, 2, value=2, step=1, label=label("rerank.top_k"), elem_id="rerank-top-k", min_width=200)
    result = gr.HTML(
        f'<p class="rr-empty muted">{both("rerank.empty")}</p>',
        elem_id="rerank-result",
        js_on_load=(_LOOK / "press.js").read_text("utf-8"),
        apply_default_css=False,
    )
    with gr.Accordion(label("rerank.code"), open=False, elem_id="rerank-code"):
        code = gr.HTML("", js_on_load=None)
    return Reranking(
        shell=shell,
        progress=progress,
        result=result,
        threshold=threshold,
        top_k=top_k,
        code=code,
        courier=gr.HTML(
            {}, html_template="", elem_id="rerank-courier", js_on_load=(_LOOK / "download.js").read_text("utf-8")
        ),
        stopping=stopping,
        state=gr.State(None, time_to_live=_KEPT_S),
    )
