"""The tab `about`: its components, and what they do."""

import gradio as gr

from api.page.shell import Shell


def build(shell: Shell) -> None:
    """Puts the tab's components into the tab that is open, and listens to them."""
    gr.HTML("", js_on_load=None)
