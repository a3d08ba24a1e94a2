"""The tab `instructions`: its components, and what they do."""

import gradio as gr

from api.page.shell import Shell


def build(shell: Shell, tabs: gr.Tabs, in_search: gr.Dropdown, in_rerank: gr.Dropdown) -> None:
    """Puts the tab's components into the tab that is open, and listens to them.

    in_search, in_rerank: where an instruction is put that the visitor wants to use there.
    """
    gr.HTML("", js_on_load=None)
