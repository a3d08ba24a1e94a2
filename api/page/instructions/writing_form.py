"""Where an instruction is written: templates by scenario, their four parts, and the text that they come to."""

import gradio as gr

from api.page.both import both
from api.page.events import on
from api.page.instructions.said import heading
from api.page.instructions.writing import ALL_PARTS, SENTENCE, Writing, names_in, scenarios
from api.page.words import label
from reranker.templates import VARIANTS, Answers, template


def writing_form(answers: Answers, notice: gr.HTML) -> tuple[gr.Textbox, list[gr.Button]]:
    """The text that is written, and the buttons that take it elsewhere: to Search, to Rerank, to A and to B."""
    scenario, *_ = scenarios()
    name, *_ = names_in(scenario)
    parts = template(name, answers).parts()
    with gr.Column(scale=2, min_width=280):
        gr.HTML(heading("instructions.write"), js_on_load=None)
        chosen = gr.Radio(
            [(label(f"scenario.{each}"), each) for each in scenarios()],
            value=scenario, label=label("instructions.scenario"), elem_id="instructions-scenario",
        )  # fmt: skip
        names = gr.Radio(
            [(label(f"template.{each}"), each) for each in names_in(scenario)],
            value=name, label=label("instructions.template"), elem_id="instructions-template",
        )  # fmt: skip
        about = gr.HTML(both(f"template.{name}.about"), elem_id="instructions-about", js_on_load=None)
        variant = gr.Radio(
            [(label(f"variant.{each}"), each) for each in VARIANTS],
            value="plain", label=label("instructions.variant"), elem_id="instructions-variant",
        )  # fmt: skip
        much = gr.Radio(
            [(label("instructions.sentence"), SENTENCE), (label("instructions.all_parts"), ALL_PARTS)],
            value=SENTENCE, label=label("instructions.length"), elem_id="instructions-length",
        )  # fmt: skip
    with gr.Column(scale=3, min_width=280):
        boxes = (
            _part("role", parts.role),
            _part("task", parts.task),
            _part("standard", parts.standard),
            _part("output", parts.output, info=f"instructions.output.{answers}"),
        )
        composed = gr.Textbox(
            parts.task, label=label("instructions.composed"), lines=2, max_lines=12, interactive=False,
            buttons=["copy"], elem_id="instructions-composed",
        )  # fmt: skip
        count = both("instructions.named", count=len(parts.task), name=name)
        length = gr.HTML(count, elem_id="instructions-count", js_on_load=None)
        with gr.Row(elem_id="instructions-take"):
            buttons = [
                gr.Button(label(f"instructions.{key}"), elem_id=f"instructions-{key}", size="sm", min_width=120)
                for key in ("to_search", "to_rerank", "to_first", "to_second")
            ]
    writing = Writing(answers, names, variant, much, about, boxes, composed, length)
    shown = [about, *boxes]
    on([chosen.input], writing.choose_scenario, [chosen], [names, variant, *shown], notice)
    on([names.input, variant.input], writing.choose, [names, variant], [much, *shown], notice)
    role, _, standard, output = boxes
    on([each.input for each in (role, standard, output)], writing.take_all, [], [much], notice)
    edited = [each.change for each in boxes]
    on([*edited, much.change], writing.compose, [much, *boxes], [composed, length], notice, again="always_last")
    return composed, buttons


def _part(name: str, value: str, info: str | None = None) -> gr.Textbox:
    return gr.Textbox(
        value, label=label(f"instructions.{name}"), info=None if info is None else label(info), lines=1, max_lines=6,
        elem_id=f"instructions-{name}",
    )  # fmt: skip
