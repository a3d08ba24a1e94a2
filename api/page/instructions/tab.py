"""The tab `instructions`: its components, and what they do."""

import gradio as gr

from api.page.events import notice_place, on
from api.page.instructions.comparing_form import comparing_form
from api.page.instructions.writing import Taking
from api.page.instructions.writing_form import writing_form
from api.page.shell import Shell


def build(shell: Shell, tabs: gr.Tabs, in_search: gr.Dropdown, in_rerank: gr.Dropdown) -> None:
    """Puts the tab's components into the tab that is open, and listens to them.

    in_search, in_rerank: where an instruction is put that the visitor wants to use there.
    """
    notice = notice_place("instructions-notice")
    with gr.Row(elem_id="instructions-write"):
        composed, buttons = writing_form(shell.settings.judge, notice)
    with gr.Column(elem_id="instructions-compare"):
        first, second = comparing_form(shell, tabs)
    targets = (
        Taking(in_search, tabs, "search"),
        Taking(in_rerank, tabs, "rerank"),
        Taking(first, tabs),
        Taking(second, tabs),
    )
    for button, taking in zip(buttons, targets, strict=True):
        on([button.click], taking.take, [composed], taking.outputs, notice)
